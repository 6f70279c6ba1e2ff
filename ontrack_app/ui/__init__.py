"""The parts that screens are built from; `from ontrack_app import ui`. The list with usage is docs/UI.md."""

from ontrack_app.ui.badge import avatar, fact_badge, note, stage_badge, tag
from ontrack_app.ui.button import button, icon_button, link_button
from ontrack_app.ui.control import (
    check_input,
    date_input,
    email_input,
    money_input,
    number_input,
    phone_input,
    search_box,
    select_input,
    text_area,
    text_input,
    time_input,
    url_input,
)
from ontrack_app.ui.crew import (
    CrewTab,
    crew_head,
    crew_line,
    crew_row,
    crew_section,
    crew_shell,
    crew_tabs,
    day_part,
    quick,
    quick_row,
    stop,
    stop_row,
    thumb,
    thumbs,
)
from ontrack_app.ui.crew_app import crew_app
from ontrack_app.ui.crew_widgets import answers, camera
from ontrack_app.ui.detail import body, detail_header, facts, facts_from, maybe_link, section, two_columns
from ontrack_app.ui.dialog import confirm, dialog, dialog_actions
from ontrack_app.ui.empty import by_status, empty, error_panel, nothing_found, skeleton_record, skeleton_rows
from ontrack_app.ui.filters import filter_chip, filter_row, filter_select, page_header, view_tabs
from ontrack_app.ui.form import (
    field,
    field_group,
    field_list_form,
    fields,
    form,
    locked_field,
    save_bar,
)
from ontrack_app.ui.frame import FOOT, Frame, NavEntry
from ontrack_app.ui.gallery import gallery, upload_form
from ontrack_app.ui.home import home_columns, side_row, todo_group, todo_row
from ontrack_app.ui.icons import icon
from ontrack_app.ui.inbox import inbox_fact, inbox_item, inbox_value, inbox_values
from ontrack_app.ui.leave import leave
from ontrack_app.ui.line_editor import PriceSearch, line_editor
from ontrack_app.ui.lines import line_table
from ontrack_app.ui.matrix import rights_matrix, scope_list
from ontrack_app.ui.menu import menu, menu_item, menu_line
from ontrack_app.ui.money import ledger_strip, money_strip
from ontrack_app.ui.moves import moves
from ontrack_app.ui.native import hidden, native_form
from ontrack_app.ui.news import news
from ontrack_app.ui.portal import Brand, panel, portal_columns, portal_intro, portal_shell
from ontrack_app.ui.portal_rows import ask_row, big_sum, document_row, fold, happen_row, rows, share_row
from ontrack_app.ui.settings import SettingsTab, first_shown, settings_frame
from ontrack_app.ui.shell import office_shell
from ontrack_app.ui.signature import signature_field
from ontrack_app.ui.table import Column, Sort, data_table, lead_name, list_body, pager
from ontrack_app.ui.theme import STYLESHEETS, head, theme
from ontrack_app.ui.timeline import note_box, timeline
from ontrack_app.ui.toast import toasts
from ontrack_app.ui.totals import totals
from ontrack_app.ui.track import track
from ontrack_app.ui.words import (
    hint,
    link,
    money,
    nav_link,
    page_title,
    prose,
    quiet,
    row,
    stack,
    text_button,
)

__all__ = [
    "FOOT",
    "STYLESHEETS",
    "Brand",
    "Column",
    "CrewTab",
    "Frame",
    "NavEntry",
    "PriceSearch",
    "SettingsTab",
    "Sort",
    "answers",
    "ask_row",
    "avatar",
    "big_sum",
    "body",
    "button",
    "by_status",
    "camera",
    "check_input",
    "confirm",
    "crew_app",
    "crew_head",
    "crew_line",
    "crew_row",
    "crew_section",
    "crew_shell",
    "crew_tabs",
    "data_table",
    "date_input",
    "day_part",
    "detail_header",
    "dialog",
    "dialog_actions",
    "document_row",
    "email_input",
    "empty",
    "error_panel",
    "fact_badge",
    "facts",
    "facts_from",
    "field",
    "field_group",
    "field_list_form",
    "fields",
    "filter_chip",
    "filter_row",
    "filter_select",
    "first_shown",
    "fold",
    "form",
    "gallery",
    "happen_row",
    "head",
    "hidden",
    "hint",
    "home_columns",
    "icon",
    "icon_button",
    "inbox_fact",
    "inbox_item",
    "inbox_value",
    "inbox_values",
    "lead_name",
    "leave",
    "ledger_strip",
    "line_editor",
    "line_table",
    "link",
    "link_button",
    "list_body",
    "locked_field",
    "maybe_link",
    "menu",
    "menu_item",
    "menu_line",
    "money",
    "money_input",
    "money_strip",
    "moves",
    "native_form",
    "nav_link",
    "news",
    "note",
    "note_box",
    "nothing_found",
    "number_input",
    "office_shell",
    "page_header",
    "page_title",
    "pager",
    "panel",
    "phone_input",
    "portal_columns",
    "portal_intro",
    "portal_shell",
    "prose",
    "quick",
    "quick_row",
    "quiet",
    "rights_matrix",
    "row",
    "rows",
    "save_bar",
    "scope_list",
    "search_box",
    "section",
    "select_input",
    "settings_frame",
    "share_row",
    "side_row",
    "signature_field",
    "skeleton_record",
    "skeleton_rows",
    "stack",
    "stage_badge",
    "stop",
    "stop_row",
    "tag",
    "text_area",
    "text_button",
    "text_input",
    "theme",
    "thumb",
    "thumbs",
    "time_input",
    "timeline",
    "toasts",
    "todo_group",
    "todo_row",
    "totals",
    "track",
    "two_columns",
    "upload_form",
    "url_input",
    "view_tabs",
]
