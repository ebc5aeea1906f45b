//! Pretrained weights: the catalogue, the cache folder, pulling, verifying, importing.
