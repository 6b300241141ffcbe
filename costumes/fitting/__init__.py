"""Virtual fitting: a photo, garments and a body in; a picture, its masks and its quality report out. No Django."""
