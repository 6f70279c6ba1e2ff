"""Jobs over HTTP."""

from models.jobs import JOB_FIELDS, JOB_MACHINE
from ontrack_app.api.nouns import Noun
from ontrack_app.schemas.jobs import JobBody, JobCard, JobPatch
from ontrack_app.services import jobs

JOBS = Noun("jobs", jobs, JOB_FIELDS, JobCard, JobBody, JobPatch, machine=JOB_MACHINE)
