"""`manage.py models list|add|verify`: the models this installation may render with."""

from __future__ import annotations

import tomllib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from previs.engine.catalogue import add, available, load_cards, verify
from previs.engine.port import EngineError
from previs.rights import gather, policy
from previs.rights.models import Person


class Command(BaseCommand):
    help = "List the models, add one from a local folder, or check that nothing changed since it was added."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser(
            "list", help="every model of the catalogue and of this installation, with its licence"
        )
        adding = verbs.add_parser("add", help="copy a downloaded folder in, and record revision and digests")
        adding.add_argument("folder", type=Path, help="the folder that holds model_index.json")
        card = adding.add_mutually_exclusive_group(required=True)
        card.add_argument("--card", default="", help="the id of its card in the catalogue")
        card.add_argument("--card-file", type=Path, help="a TOML file with a card of your own")
        adding.add_argument(
            "--revision", required=True, help="the commit it was downloaded from, 40 hex digits"
        )
        adding.add_argument(
            "--production",
            default="",
            help="slug of the only production that weights trained on people serve",
        )
        adding.add_argument(
            "--shows",
            nargs="+",
            default=[],
            metavar="NUMBER",
            help="whom the weights were trained on: P-014 ...",
        )
        verifying = verbs.add_parser("verify", help="hash every file again and name those that differ")
        verifying.add_argument(
            "models", nargs="*", metavar="MODEL", help="ids; all added models if none is given"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, options["verb"])(options)
        except EngineError as error:
            raise CommandError(str(error), returncode=2) from None

    def list(self, _options: dict[str, Any]) -> None:
        here = available(settings.PREVIS_MODELS_HOME)
        for model, card in {**load_cards(), **here}.items():
            state = "installed" if model in here else "not installed"
            abilities = ", ".join(sorted(card.abilities))
            self.stdout.write(f"{model:22} {state:14} {card.training_tier}  {card.licence}; {abilities}")
            self.stdout.write(f"{'':22} commercial use: {card.commercial}. {card.licence_note}")
            self.stdout.write(f"{'':22} trained on: {card.training_statement}")
            if model in here and card.revision:
                self.stdout.write(f"{'':22} revision {card.revision}")

    def add(self, options: dict[str, Any]) -> None:
        own = _read_card(options["card_file"]) if options["card_file"] else None
        shows = _agreed(options["production"], options["shows"])
        model = add(
            settings.PREVIS_MODELS_HOME,
            options["folder"],
            card_id=options["card"],
            card=own,
            revision=options["revision"].lower(),
            bound_to=options["production"],
            shows=shows,
        )
        self.stdout.write(
            self.style.SUCCESS(f"Added {model.card.id}: {len(model.digests)} files in {model.folder}.")
        )
        self.stdout.write(f"Licence: {model.card.licence}. {model.card.licence_note}")

    def verify(self, options: dict[str, Any]) -> None:
        home = settings.PREVIS_MODELS_HOME
        chosen = options["models"] or [model for model in available(home) if model != "pocket"]
        wrong = 0
        for model in chosen:
            problems = verify(home, model).problems()
            wrong += bool(problems)
            for problem in problems:
                self.stderr.write(f"{model}: {problem}")
            if not problems:
                self.stdout.write(f"{model}: every file is as it was added.")
        if wrong:
            raise CommandError(
                f"{wrong} of {len(chosen)} models changed. Restore their files or add them again."
            )
        if not chosen:
            self.stdout.write("No model was added yet. Add one with `manage.py models add`.")


def _agreed(production: str, numbers: list[str]) -> list[str]:
    """The keys of people who have agreed that weights are trained on them (R17). Raises CommandError in words."""
    if bool(production) != bool(numbers):
        raise CommandError(
            "Weights trained on people need both --production and --shows; others need neither.", returncode=2
        )
    if not numbers:
        return []
    found = Person.objects.filter(project__slug=production, alias__in=numbers)
    persons = list(found.prefetch_related("releases", "castings__character"))
    unknown = sorted(set(numbers) - {person.alias for person in persons})
    if unknown:
        raise CommandError(
            f"{', '.join(unknown)} is nobody in {production}. Enter them under Rights.", returncode=2
        )
    verdict = policy.may_train_adapter(gather.person_facts(persons), moment=timezone.now())
    if not verdict.allowed:
        raise CommandError(verdict.sentence, returncode=2)
    return [str(person.pk) for person in persons]


def _read_card(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CommandError(f"The card {path} cannot be read: {error}", returncode=2) from None
