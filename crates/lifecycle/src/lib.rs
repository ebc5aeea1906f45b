//! One picture and its life, top to bottom: admit, seal, job, engine, artifact, download, destroyed.
