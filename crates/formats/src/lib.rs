//! Writers for 3D file formats, our own on purpose.
