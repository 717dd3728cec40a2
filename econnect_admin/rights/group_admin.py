"""*Gebruikersgroepen Desktop*: who is in a group, where it holds, and what it is granted."""

from copy import deepcopy
from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelect2MultipleWidget, UnfoldAdminSelectWidget

from econnect_admin.exporting.columns import Column
from econnect_admin.foreign_text import harmless
from econnect_admin.models import ConnectionUserGroup, GroupPrivilege, User, UserGroup
from econnect_admin.rights.authorisation import administrations_of, administrations_where
from econnect_admin.rights.differences import apply_difference, shown_values, with_difference
from econnect_admin.rights.granting import PRESETS, all_grants, grant, grants_of, lock
from econnect_admin.rights.matrix import MatrixField, MatrixWidget, text_of
from econnect_admin.rights.scoped_admin import ScopedAdmin, is_superuser


class UserGroupForm(forms.ModelForm[UserGroup]):
    members = forms.ModelMultipleChoiceField(
        label=capfirst(_("members")),
        queryset=User.objects.none(),
        required=False,
        show_hidden_initial=True,
        widget=UnfoldAdminSelect2MultipleWidget,
    )
    preset = forms.ChoiceField(
        label=capfirst(_("begin with")),
        required=False,
        widget=UnfoldAdminSelectWidget,
        choices=[("", _("nothing: choose on the tab")), *((preset.code, preset.name) for preset in PRESETS)],
        help_text=_("What the new group is granted to begin with; change it on the tab afterwards."),
    )
    privileges = MatrixField(label="", required=False, show_hidden_initial=True)

    class Meta:
        model = UserGroup
        fields = ("name", "administrations")
        error_messages = {"name": {"unique": _("There is a user group with this name already.")}}
        widgets = {"administrations": UnfoldAdminSelect2MultipleWidget}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["members"] = self.instance.members.all()
            self.initial["privileges"] = grants_of(self.instance)
            if matrix := self.fields.get("privileges"):
                matrix.widget.administrations = self.instance.administrations.all()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.instance.pk:
            apply_difference(self, "members", self.instance.members.all())
            apply_difference(self, "administrations", self.instance.administrations.all())
            self._apply_difference_of_privileges()
        return data

    def _apply_difference_of_privileges(self) -> None:
        if "privileges" in self.cleaned_data:
            shown = {pair for pair in all_grants() if text_of(pair) in shown_values(self, "privileges")}
            sent = self.cleaned_data["privileges"]
            self.cleaned_data["privileges"] = with_difference(grants_of(self.instance), shown, sent)

    def save_rights(self) -> None:
        """After the group itself: its members, and what it is granted."""
        data = self.cleaned_data
        if "members" in data:
            self.instance.members.set(data["members"])
        preset = next((preset for preset in PRESETS if preset.code == data.get("preset")), None)
        if preset:
            grant(self.instance, preset.grants)
        elif "privileges" in data:
            grant(self.instance, data["privileges"])


def _all_of(group: Any) -> str:
    """The administrations that the reader may see, and how many others there are."""
    names = [administration.name for administration in group.administrations_shown]
    return _some_of(names, group.administrations_in_all)


@admin.register(UserGroup)
class UserGroupAdmin(ScopedAdmin):
    form = UserGroupForm
    list_display = ("shown_name", "administrations_in_words", "member_count", "privilege_count")
    export_columns = (
        Column(_("name"), str),
        Column(_("administrations"), _all_of),
        Column(_("members"), "members_in_all"),
    )
    search_fields = ("name",)
    ordering = ("name",)  # that of the model goes where rows are counted
    change_form_show_cancel_button = True
    change_form_outer_before_template = "rights/group_head.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[UserGroup]:
        groups: QuerySet[UserGroup] = super().get_queryset(request)
        counted = groups.annotate(
            members_in_all=Count("members", distinct=True),
            administrations_in_all=Count("administrations", distinct=True),
            privileges_in_all=Coalesce(Subquery(_PRIVILEGES), 0),
            has_inbox=Exists(ConnectionUserGroup.objects.filter(user_group=OuterRef("pk"))),
        )
        mine = administrations_of(request.user)
        return counted.prefetch_related(Prefetch("administrations", mine, to_attr="administrations_shown"))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """What is changed or deleted, nobody else changes or deletes meanwhile."""
        group = super().get_object(request, object_id, from_field)
        if group and request.method == "POST" and transaction.get_connection().in_atomic_block:
            lock(group.pk)
            group = super().get_object(request, object_id, from_field)
        if group:
            group.members_shown = group.members.visible_to(request.user).order_by("username")
        return group

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Of what goes with a group there is nothing to decide."""
        _rows, _counts, forbidden, protected = super().get_deleted_objects(objs, request)
        return (
            [str(group) for group in objs],
            {self.opts.verbose_name_plural: len(objs)},
            forbidden,
            protected,
        )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What a new group begins with is a preset; its matrix is there once it is stored."""
        if obj is None:
            return [(None, {"fields": ["name", "members", "administrations", "preset"]})]
        general, rights = ["name", "members", "administrations"], ["privileges"]
        if not self.has_change_permission(request, obj):
            general = ["shown_name", "members_in_words", "administrations_in_words"]
            rights = ["privileges_shown"]
        return [
            (_("General"), {"fields": general, "classes": ["tab"]}),
            (_("Function privileges & properties"), {"fields": rights, "classes": ["tab"]}),
        ]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Offers the people that the user sees, and the administrations for which they may do this.

        A group without an administration would be lost to all but superusers.
        """
        form = super().get_form(request, obj, change, **kwargs)
        form.base_fields.pop("privileges" if obj is None else "preset", None)
        if "administrations" in form.base_fields:
            form.base_fields["administrations"].show_hidden_initial = True
            form.base_fields["administrations"].required = not is_superuser(request)
        if "members" in form.base_fields:  # a field of all requests, of which this one takes its own
            members = form.base_fields["members"] = deepcopy(form.base_fields["members"])
            members.queryset = User.objects.visible_to(request.user)
        return form

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        action = (
            "change" if request.resolver_match and "object_id" in request.resolver_match.kwargs else "add"
        )
        field.queryset = administrations_where(request.user, f"econnect_admin.{action}_usergroup")
        field.widget = UnfoldAdminSelect2MultipleWidget()
        field.widget.choices = field.choices
        field.help_text = db_field.help_text  # Django adds which keys to hold in a list, and this is none
        return field

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        context["grants_nothing"] = obj is not None and _grants_nothing(obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        form.save_rights()

    @admin.display(description=_("name"), ordering="name")
    def shown_name(self, group: UserGroup) -> str:
        return str(group)

    @admin.display(description=_("administrations"))
    def administrations_in_words(self, group: Any) -> str:
        names = [administration.name for administration in group.administrations_shown]
        return _some_of(names[:3], group.administrations_in_all)

    @admin.display(description=_("members"))
    def members_in_words(self, group: Any) -> str:
        return _some_of([harmless(user) for user in group.members_shown], group.members_in_all)

    @admin.display(description="")
    def privileges_shown(self, group: UserGroup) -> str:
        """The matrix, for who may not change it."""
        matrix = MatrixWidget()
        matrix.administrations = group.administrations.all()
        return matrix.render(
            "privileges", map(text_of, grants_of(group)), {"id": "privileges", "disabled": True}
        )

    @admin.display(description=_("members"), ordering="members_in_all")
    def member_count(self, group: Any) -> int:
        count: int = group.members_in_all
        return count

    @admin.display(description=_("rights"), ordering="privileges_in_all")
    def privilege_count(self, group: Any) -> int | str:
        if _grants_nothing(group):
            return format_html('<span class="ec-alarm">{}</span>', gettext("none"))
        count: int = group.privileges_in_all
        return count


_PRIVILEGES = (
    GroupPrivilege.objects.filter(group=OuterRef("pk"))
    .order_by()
    .values("group")
    .annotate(count=Count("pk"))
    .values("count")
)


def _grants_nothing(group: Any) -> bool:
    """To its members. Where an inbox is its own, to be in it is enough."""
    return bool(group.members_in_all) and not group.privileges_in_all and not group.has_inbox


def _some_of(names: list[str], in_all: int) -> str:
    """These, and how many others there are: more than a list has room for, or than the reader may see."""
    others = in_all - len(names)
    if not others:
        return ", ".join(names)
    return ", ".join(
        [*names, ngettext("+ %(count)s other", "+ %(count)s others", others) % {"count": others}]
    )
