"""The leads that `bench list` and `bench search` work on: two companies with as many each, made inside the database."""

from dataclasses import dataclass
from uuid import UUID

from models.access import Role
from ontrack_app.cli.bench_tools import Ground, Worker, company, worker
from ontrack_app.db import KeyCredential
from ontrack_app.sessions import hash_secret

GIVEN = [
    "Ana", "Noah", "Mia", "Liam", "Zoe", "Omar", "Rosa", "Hugo", "Lena", "Ivan", "Nora", "Paul", "Ines", "Yuri",
    "Carla", "Sam", "Wei", "Lucie", "Dmitri", "Aisha",
]  # fmt: skip
FAMILY = [
    "Gagnon", "Smith", "Okonkwo", "Tremblay", "Nguyen", "Garcia", "Roy", "Patel", "Kowalski", "Leblanc",
    "Martin", "Ivanova", "Singh", "Dubois", "Haddad", "Lee", "Moreau", "Fischer", "Costa", "Bouchard",
    "Andersson", "Kaya", "Mwangi", "Rossi", "Larsen", "Pelletier", "Novak", "Ortega", "Chen", "Fortin",
]  # fmt: skip
STREETS = [
    "Maple", "Pine", "Cedar", "Main", "Church", "Mill", "River", "Lake", "Hill", "Park", "Notre-Dame",
    "Saint-Denis", "Sherbrooke", "Union", "Victoria", "King",
]  # fmt: skip
CITIES = [
    "Laval", "Montreal", "Longueuil", "Gatineau", "Quebec", "Sherbrooke", "Levis", "Terrebonne", "Brossard",
    "Repentigny", "Granby", "Blainville",
]  # fmt: skip
NEEDS = [
    "The roof leaks",
    "New water heater",
    "Gutters to clean",
    "Kitchen to renovate",
    "No heating since last night",
]
SOURCES = ["Form", "Phone", "Referral", "Permit list"]
WORDS = {
    "given": GIVEN,
    "family": FAMILY,
    "needs": NEEDS,
    "sources": SOURCES,
    "streets": STREETS,
    "cities": CITIES,
    "open": ["new", "contacted", "qualified"],
    "over": ["won", "lost", "lost"],
}
# Stages as a company has them: most leads are over. What a row says comes from hashes, so that no column follows another.
FILL = """
INSERT INTO leads (tenant_id, id, version, created_at, updated_at, name, email, phone, need, street, city, region, postal_code,
                   country, stage, value_cents, urgency, source, source_ref, lost_reason, search_text)
SELECT %(tenant)s, uuidv7(-made), 1, now() - made, now() - made, name, email, phone, need, street, city, 'QC', postal, 'CA', stage,
       cents, 'normal', source, ref, '', lower(concat_ws(' ', name, email, phone, need, street, city, postal, ref))
FROM (
  SELECT *, lower(replace(name, ' ', '.')) || n || '@x.example' AS email FROM (
    SELECT n, make_interval(mins => pg_temp.pick('made', n, 500000)) AS made, pg_temp.pick('cents', n, 2000000)::bigint AS cents,
      pg_temp.one('given', n, %(given)s) || ' ' || pg_temp.one('family', n, %(family)s) AS name,
      format('514-%%s-%%s', lpad(pg_temp.pick('area', n, 1000)::text, 3, '0'), lpad(pg_temp.pick('phone', n, 10000)::text, 4, '0')) AS phone,
      pg_temp.one('need', n, %(needs)s) AS need, pg_temp.one('source', n, %(sources)s) AS source,
      1 + pg_temp.pick('house', n, 9800) || ' ' || pg_temp.one('street', n, %(streets)s) || ' Street' AS street,
      pg_temp.one('city', n, %(cities)s) AS city,
      format('H%%sA %%sB%%s', pg_temp.pick('p', n, 10), pg_temp.pick('o', n, 10), pg_temp.pick('s', n, 10)) AS postal,
      'LD-' || lpad(n::text, 7, '0') AS ref,
      CASE WHEN n %% 20 = 0 THEN pg_temp.one('open', n, %(open)s) ELSE pg_temp.one('over', n, %(over)s) END AS stage
    FROM generate_series(1, %(rows)s) n) AS facts) AS named
"""
HELPERS = (
    """CREATE FUNCTION pg_temp.pick(what text, n integer, most integer) RETURNS integer LANGUAGE sql IMMUTABLE AS
       'SELECT abs(hashtext(what || n) % most)'""",
    """CREATE FUNCTION pg_temp.one(what text, n integer, choices text[]) RETURNS text LANGUAGE sql IMMUTABLE AS
       'SELECT choices[1 + abs(hashtext(what || n) % array_length(choices, 1))]'""",
)
INDEXES = """SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = 'leads' AND indexname <> 'pk_leads'"""


@dataclass(frozen=True)
class Leads:
    """Who asks for a list, and the company whose leads they are."""

    tenant_id: UUID
    office: Worker

    @property
    def credential(self) -> KeyCredential:
        """The office's key as the application knows it."""
        return KeyCredential(hash_secret(self.office.key))


def fill(here: Ground, rows: int) -> Leads:
    """Two companies with that many leads each; returns the one that is asked. A few seconds for 100,000."""
    ours, others = company(here, "bench"), company(here, "others")
    with here.bare() as connection:
        connection.execute(
            "SET session_replication_role = replica"
        )  # the rows point at nothing but their stage
        connection.execute("SET maintenance_work_mem = '256MB'")
        indexes = connection.execute(INDEXES).fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX public.{name}")
        for helper in HELPERS:
            connection.execute(helper)
        for tenant in (ours, others):
            connection.execute(FILL, WORDS | {"tenant": tenant.tenant_id, "rows": rows})
        for _, definition in indexes:
            connection.execute(definition)
    with here.bare() as connection:
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE leads")
    return Leads(ours.tenant_id, worker(ours, Role.OFFICE))
