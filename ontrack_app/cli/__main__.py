"""`python -m ontrack_app.cli`: the same as `ontrack`, for processes that start others of us."""

from ontrack_app.cli import main

main()
