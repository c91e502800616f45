//! Which parts are read, and which are files: the rules that `parse` and `read` share.

use crate::{
    limits::BODIES_MAX,
    structure::{Node, Tree},
};

/// A part to display, with the plain text that the sender gave beside it (RFC 2046 §5.1.4).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Displayed<'t, 'a> {
    /// The part.
    pub(crate) node: &'t Node<'a>,
    /// Its alternative in plain text, when it is HTML.
    pub(crate) plain: Option<&'t Node<'a>>,
}

/// What a message shows.
#[derive(Debug, Default)]
pub(crate) struct Layout<'t, 'a> {
    /// In order, each in its own frame.
    pub(crate) bodies: Vec<Displayed<'t, 'a>>,
    /// Files and inline images, in order.
    pub(crate) files: Vec<&'t Node<'a>>,
    /// Parts that would be displayed are over the limit, and are files.
    pub(crate) over_limit: bool,
}

/// Sorts the parts of a message.
pub(crate) fn layout<'t, 'a>(tree: &'t Tree<'a>) -> Layout<'t, 'a> {
    let mut layout = Layout::default();
    if let Some(root) = tree.root() {
        place(tree, root, true, &mut layout);
    }
    layout
}

fn place<'t, 'a>(tree: &'t Tree<'a>, node: &'t Node<'a>, is_root: bool, layout: &mut Layout<'t, 'a>) {
    if node.opaque {
        layout.files.push(node);
    } else if node.children.is_empty() {
        place_leaf(node, is_root, layout);
    } else {
        match node.media.value.as_str() {
            "multipart/alternative" => place_alternative(tree, node, layout),
            "multipart/related" => place_related(tree, node, layout),
            "multipart/encrypted" => {
                layout.files.extend(tree.children(node).filter(|child| !is_control(child)))
            }
            _ => {
                for child in tree.children(node).filter(|child| !is_control(child)) {
                    place(tree, child, false, layout);
                }
            }
        }
    }
}

fn place_leaf<'t, 'a>(node: &'t Node<'a>, is_root: bool, layout: &mut Layout<'t, 'a>) {
    let is_file = node.is_attachment() || (node.given_name().is_some() && !is_root);
    if !is_text(node) || is_file {
        layout.files.push(node);
    } else if layout.bodies.len() >= BODIES_MAX {
        layout.over_limit = true;
        layout.files.push(node);
    } else {
        layout.bodies.push(Displayed { node, plain: None });
    }
}

/// Text to read. A multipart without parts is read as the text that it holds, so that nothing is lost.
fn is_text(node: &Node<'_>) -> bool {
    node.is("text/plain") || node.is("text/html") || node.media.value.starts_with("multipart/")
}

/// The best form wins: the last one with HTML, else the last one with text. Files of the others stay.
fn place_alternative<'t, 'a>(tree: &'t Tree<'a>, node: &'t Node<'a>, layout: &mut Layout<'t, 'a>) {
    let mut forms: Vec<Layout<'t, 'a>> = Vec::new();
    for child in tree.children(node) {
        let mut form = Layout::default();
        place(tree, child, false, &mut form);
        forms.push(form);
    }
    let has_html = |form: &Layout<'_, '_>| form.bodies.iter().any(|body| body.node.is("text/html"));
    let best = forms.iter().rposition(has_html);
    let best = best.or_else(|| forms.iter().rposition(|form| !form.bodies.is_empty()));
    let plain = forms.iter().flat_map(|form| &form.bodies).find(|body| body.node.is("text/plain"));
    let plain = plain.map(|body| body.node);
    for (index, mut form) in forms.into_iter().enumerate() {
        if Some(index) == best {
            let only = form.bodies.len() == 1;
            if let Some(body) = form.bodies.first_mut().filter(|body| only && body.node.is("text/html")) {
                body.plain = plain;
            }
            let room = BODIES_MAX.saturating_sub(layout.bodies.len());
            layout.over_limit |= form.over_limit || form.bodies.len() > room;
            let over = form.bodies.split_off(room.min(form.bodies.len()));
            layout.bodies.append(&mut form.bodies);
            layout.files.extend(over.into_iter().map(|body| body.node));
        }
        layout.files.append(&mut form.files);
    }
}

/// The root is read, the rest is what it refers to (RFC 2387 §3.2).
fn place_related<'t, 'a>(tree: &'t Tree<'a>, node: &'t Node<'a>, layout: &mut Layout<'t, 'a>) {
    let start = node.media.parameter("start").map(|start| start.trim_matches(['<', '>']));
    let named = start.and_then(|start| {
        tree.children(node).find(|child| child.content_id().as_deref() == Some(start)).map(|child| child.id)
    });
    let root = named.or_else(|| tree.children(node).next().map(|child| child.id));
    for child in tree.children(node) {
        if Some(child.id) == root {
            place(tree, child, false, layout);
        } else if child.children.is_empty() || child.opaque {
            layout.files.push(child);
        } else {
            place(tree, child, false, layout);
        }
    }
}

/// Parts that only serve a signature or an encryption (RFC 3156 §4, §5; RFC 8551 §3.5).
fn is_control(node: &Node<'_>) -> bool {
    matches!(
        node.media.value.as_str(),
        "application/pgp-signature"
            | "application/pgp-encrypted"
            | "application/pkcs7-signature"
            | "application/x-pkcs7-signature"
    )
}
