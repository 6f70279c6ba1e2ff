"""Tasks over HTTP."""

from models.tasks import TASK_FIELDS, TASK_MACHINE
from ontrack_app.api.nouns import Noun
from ontrack_app.schemas.tasks import TaskBody, TaskCard, TaskPatch
from ontrack_app.services import tasks

TASKS = Noun("tasks", tasks, TASK_FIELDS, TaskCard, TaskBody, TaskPatch, machine=TASK_MACHINE, archives=False)
