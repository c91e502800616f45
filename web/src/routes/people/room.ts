// The door of this room: the list of people, and what is open beside it.

export { default as PeopleList } from './PeopleList.svelte';
export { default as PersonPage } from './PersonPage.svelte';
