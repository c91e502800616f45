//! RFC 8620 over HTTP: methods, push, blobs and our types. The only room that knows API shapes.
