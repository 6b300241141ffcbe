"""The desk of people and their releases: pages over `previs.rights`, with pictures and withdrawal from generation."""
