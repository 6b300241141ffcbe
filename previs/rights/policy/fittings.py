"""Whether a fitting may be shown to those who decide (R16)."""

from __future__ import annotations

from previs.rights.policy.verdict import ALLOWED, Verdict, refused


def may_show_fitting(
    *, protected_changed: int, identity_passed: bool | None, pose_passed: bool | None
) -> Verdict:
    """May a fitting leave quarantine?

    protected_changed: pixels of face, hair, hands and whatever else was protected that differ from the photo.
    identity_passed, pose_passed: None when not measured, which is no pass.
    """
    if protected_changed:
        return refused(
            "fitting_protected",
            f"{protected_changed:,} protected pixels differ from the photo. Run the fitting again.",
        )
    if not identity_passed:
        return refused("fitting_identity", "It is not sure that this still is the person. Run it again.")
    if not pose_passed:
        return refused("fitting_pose", "The pose differs from the photo. Run the fitting again.")
    return ALLOWED
