"""The files of a manifest, read inside its folder and nowhere else."""
