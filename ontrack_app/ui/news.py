"""The only home of the part that makes a page look again when others have changed something."""

from typing import Any

import reflex as rx

from ontrack_app.ui.kinds import Text
from ontrack_app.ui.widgets import News


def news(word: Text, on_news: Any) -> rx.Component:
    """Calls its handlers each time `word` becomes another one; in a tab behind others, when it is looked at again."""
    part: rx.Component = News.create(word=word, on_news=on_news)
    return part
