"""The embedded model: a small diffusion model that lights a blockout, trained only on our own renders."""
