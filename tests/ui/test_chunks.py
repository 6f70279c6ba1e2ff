"""Our groups of modules find their place in what Reflex writes for Vite, or say that they do not."""

import pytest
from reflex.utils import frontend_skeleton
from reflex_base.config import get_config

from ontrack_app.ui.chunks import GROUPS, grouped


def test_reflexs_own_configuration_takes_our_groups() -> None:
    config = grouped(frontend_skeleton._compile_vite_config(get_config()))
    assert [config.count(f'{{ name: "{name}", test: {test} }},') for name, test in GROUPS] == [1] * len(
        GROUPS
    )


def test_another_configuration_is_refused_in_words() -> None:
    with pytest.raises(RuntimeError, match="no place any more"):
        grouped("export default {}")
