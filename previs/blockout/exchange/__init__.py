"""A plan leaves for other trades' programs and models come in.

`to_glb` and `from_glb` for 3D programs, `to_dxf` for CAD, `to_svg` and `to_pdf` for the wall of the art
department. The modules load numpy and the writers' libraries, so import from them where they are used:
`exchange.export_glb`, `exchange.import_glb`, `exchange.dxf`, `exchange.svg`, `exchange.pdf`.
"""
