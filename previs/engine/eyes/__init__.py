"""What is in a picture: faces and a person, found offline by small models that lie beside this file.

Nothing here says who somebody is. No face is described, compared or kept; a face is a rectangle.
"""

from __future__ import annotations

from previs.engine.eyes.photo import read_photo
from previs.engine.eyes.seen import INDEX, POINTS, EyesError, Face, Pose, Uint8

__all__ = ["INDEX", "POINTS", "EyesError", "Face", "Pose", "find_faces", "find_person", "read_photo"]


def find_faces(picture: Uint8) -> list[Face]:
    """Find faces, best first, small ones in the back of a wide picture too.

    picture: (h, w, 3) uint8, RGB.
    Returns an empty list where none is seen.  Raises EyesError if the picture is no such array, or the models cannot
    be run on this machine.
    """
    # The runtime and the models cost 60 MB, which a web process pays only when somebody uploads a picture.
    from previs.engine.eyes import faces

    return faces.find(picture)


def find_person(picture: Uint8) -> Pose:
    """Find the person who fills most of the picture: 33 points of the body and where the body is.

    picture: (h, w, 3) uint8, RGB.
    Raises EyesError, saying what to do, if nobody is seen or the models cannot be run on this machine. Several people
    are no error here: `Pose.people` counts them.
    """
    from previs.engine.eyes import people

    return people.find(picture)
