//! Transfer layers: how bytes become text, each with the map back. One file a layer.

mod blade;
pub(crate) mod charset;
pub(crate) mod construct;
pub(crate) mod encode;
mod entity;
pub(crate) mod flowed;
pub(crate) mod header;
pub(crate) mod html;
pub(crate) mod json;
pub(crate) mod percent;
pub(crate) mod transfer;
pub(crate) mod yaml;
