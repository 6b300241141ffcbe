"""The one policy: plain facts in, a verdict with a stable code out. No database, no clock.

Rule numbers are those of the project's rights design. `may_use` is asked at submit, at the worker's start, at the
save, at an approval and at an export, because consent can change in between.
"""

from previs.rights.policy.adapters import may_train_adapter, may_use_adapter
from previs.rights.policy.consent import consent, release_is_complete
from previs.rights.policy.ending import (
    WARNING_DAYS,
    state_after_expiry,
    state_after_revocation,
    warnings_due,
)
from previs.rights.policy.fittings import may_show_fitting
from previs.rights.policy.gates import (
    LIKENESS_GATE,
    Approval,
    decision_stands,
    gate_is_met,
    may_decide,
    may_use_model,
)
from previs.rights.policy.prompts import names_in_prompt, prohibited, scopes_in_words
from previs.rights.policy.references import (
    NEAR,
    asset_is_free,
    may_open_asset,
    may_take_in,
    may_use_reference,
    resembles,
)
from previs.rights.policy.use import may_export, may_use, opens_incident
from previs.rights.policy.verdict import ALLOWED, POLICY_VERSION, Verdict

__all__ = [
    "ALLOWED",
    "LIKENESS_GATE",
    "NEAR",
    "POLICY_VERSION",
    "WARNING_DAYS",
    "Approval",
    "Verdict",
    "asset_is_free",
    "consent",
    "decision_stands",
    "gate_is_met",
    "may_decide",
    "may_export",
    "may_open_asset",
    "may_show_fitting",
    "may_take_in",
    "may_train_adapter",
    "may_use",
    "may_use_adapter",
    "may_use_model",
    "may_use_reference",
    "names_in_prompt",
    "opens_incident",
    "prohibited",
    "release_is_complete",
    "resembles",
    "scopes_in_words",
    "state_after_expiry",
    "state_after_revocation",
    "warnings_due",
]
