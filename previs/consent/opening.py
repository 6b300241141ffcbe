"""Opening stored pictures: asked about, and on record whenever somebody is seen on one (R33)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from previs.generation.files import ASKED_EACH_TIME, serve_picture
from previs.projects.access import person as who
from previs.projects.models import EDITING_ROLES
from previs.rights import policy
from previs.rights.models import AssetKind, AssetState, ReferenceAsset
from previs.rights.services import note_opening


def serve_asset(request: HttpRequest, asset: ReferenceAsset, which: str) -> HttpResponse:
    """The bytes of a picture that was taken in. which: master or thumb. 410 once it was withdrawn.

    asset: with its project. Raises Http404 for whoever is not on the crew, and PermissionDenied for viewers where
    somebody is seen, or where nobody has said yet who is.
    """
    role = asset.project.role_of(request.user)
    shows_somebody = (
        asset.kind == AssetKind.PERSON or asset.state == AssetState.QUARANTINED or asset.persons.exists()
    )
    verdict = policy.may_open_asset(
        on_crew=bool(role), may_edit=role in EDITING_ROLES, is_of_person=shows_somebody
    )
    if verdict.code == "not_found":
        raise Http404(verdict.sentence)
    if not verdict.allowed:
        raise PermissionDenied(verdict.sentence)
    if asset.state == AssetState.WITHDRAWN:
        return render(request, "410.html", status=410)
    if shows_somebody:
        note_opening(asset, by=who(request), how=which)
    sha256 = {"master": asset.sha256, "thumb": asset.thumb_sha256}.get(which, "")
    return serve_picture(request, sha256, f"{asset} {which}", of=asset, kept=ASKED_EACH_TIME)
