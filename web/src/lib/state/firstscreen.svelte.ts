// What can wait until the first screen stands: a frame that shows something comes before one that has everything. The
// first date that a browser writes, for example, takes longer than all rows together.

/** Runs what would hold up the next frame, behind it. */
export const afterPaint = (run: () => void): number => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(run)));

class FirstScreen {
  /** True from the frame on that follows the first list. */
  stands = $state(false);

  /** The list is in the document: the frame after it may take its time. */
  shown(): void {
    if (!this.stands) afterPaint(() => (this.stands = true));
  }
}

export const firstScreen = new FirstScreen();
