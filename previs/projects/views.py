"""Starting a production, finding the way into it, and its crew."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from previs.accounts.services import create_account
from previs.projects import services
from previs.projects.access import person, project_for
from previs.projects.forms import AccountForm, CastForm, ProductionForm, RoleForm
from previs.projects.models import Project, Role
from previs.projects.services import CrewError


@require_http_methods(["GET", "POST"])
def new_production(request: HttpRequest) -> HttpResponse:
    form = ProductionForm(request.POST) if request.method == "POST" else ProductionForm()
    if form.is_valid():
        project = services.start_project(by=person(request), **form.cleaned_data)
        return redirect("script_import", project.slug)
    return render(request, "projects/new.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
def project(request: HttpRequest, slug: str) -> HttpResponse:
    """The way in: the first scene's board, or whatever has to come before there is one."""
    production = project_for(request.user, slug)
    scene = production.scenes.filter(omitted=False).first()
    if scene is not None:
        return redirect("scene", slug, scene.number)
    if Project.objects.editable_by(request.user).filter(pk=production.pk).exists():
        return redirect("script_import", slug)
    return redirect("script", slug)


@require_GET
def people(request: HttpRequest, slug: str) -> HttpResponse:
    return _people(request, project_for(request.user, slug))


@require_POST
def cast_person(request: HttpRequest, slug: str) -> HttpResponse:
    production = project_for(request.user, slug, manage=True)
    form = CastForm(request.POST)
    if form.is_valid():
        user, role = form.cleaned_data["user"], form.cleaned_data["role"]
        try:
            services.cast(production, user=user, role=role, by=person(request))
        except CrewError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{user} is on the crew: {Role(role).label}.")
            return redirect("people", slug)
    return _people(request, production, cast_form=form)


@sensitive_post_parameters("password")
@require_POST
def new_person(request: HttpRequest, slug: str) -> HttpResponse:
    production = project_for(request.user, slug, manage=True)
    form = AccountForm(request.POST)
    if form.is_valid():
        fields = dict(form.cleaned_data)
        role = fields.pop("role")
        try:
            with transaction.atomic():
                user = create_account(**fields, by=person(request))
                services.cast(production, user=user, role=role, by=person(request))
        except CrewError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{user} can sign in now as {user.username}: {Role(role).label}.")
            return redirect("people", slug)
    return _people(request, production, account_form=form)


@require_POST
def change_role(request: HttpRequest, slug: str, membership_id: int) -> HttpResponse:
    production = project_for(request.user, slug, manage=True)
    membership = get_object_or_404(production.memberships.select_related("user"), pk=membership_id)
    form = RoleForm(request.POST)
    if form.is_valid():
        role = form.cleaned_data["role"]
        try:
            services.cast(production, user=membership.user, role=role, by=person(request))
        except CrewError as error:
            form.add_error("role", str(error))
        else:
            messages.success(request, f"{membership.user} is {Role(role).label.lower()} now.")
            return redirect("people", slug)
    return _people(request, production, fault=" ".join(map(str, form.errors.get("role", ()))))


@require_POST
def remove_person(request: HttpRequest, slug: str, membership_id: int) -> HttpResponse:
    production = project_for(request.user, slug, manage=True)
    membership = get_object_or_404(production.memberships.select_related("user"), pk=membership_id)
    try:
        services.uncast(production, user=membership.user, by=person(request))
    except CrewError as error:
        return _people(request, production, fault=str(error))
    messages.success(request, f"{membership.user} is off the crew. What they made stays.")
    # Somebody who took themselves off the crew cannot see it any more.
    return redirect("home") if membership.user == request.user else redirect("people", slug)


def _people(
    request: HttpRequest,
    production: Project,
    *,
    cast_form: CastForm | None = None,
    account_form: AccountForm | None = None,
    fault: str = "",
) -> HttpResponse:
    """The crew, with whichever form could not be taken as it was typed."""
    refused = bool(cast_form or account_form or fault)
    return render(
        request,
        "projects/people.html",
        {
            "project": production,
            "nav": "people",
            "crew": production.memberships.select_related("user"),
            "may_manage": Project.objects.managed_by(request.user).filter(pk=production.pk).exists(),
            "roles": Role.choices,
            "cast_form": cast_form or CastForm(auto_id="id_cast_%s"),
            "account_form": account_form or AccountForm(auto_id="id_account_%s"),
            "fault": fault,
        },
        status=422 if refused else 200,
    )
