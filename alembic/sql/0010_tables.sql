-- What the sync protocol keeps, and the nouns of a crew's day.
CREATE TABLE field_writers (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  noun VARCHAR NOT NULL,
  row_id UUID NOT NULL,
  field VARCHAR NOT NULL,
  value_hash VARCHAR NOT NULL,
  mutation_id UUID NOT NULL,
  CONSTRAINT pk_field_writers PRIMARY KEY (tenant_id, id),
  CONSTRAINT uq_field_writers_tenant_id_noun_row_id_field UNIQUE (tenant_id, noun, row_id, field),
  CONSTRAINT fk_field_writers_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE TABLE tenant_counters (
  tenant_id UUID NOT NULL,
  n BIGINT NOT NULL,
  forgotten BIGINT NOT NULL,
  CONSTRAINT pk_tenant_counters PRIMARY KEY (tenant_id),
  CONSTRAINT fk_tenant_counters_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE TABLE changes (
  tenant_id UUID NOT NULL,
  n BIGINT NOT NULL,
  member_id UUID NOT NULL,
  noun VARCHAR NOT NULL,
  row_id UUID NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_changes PRIMARY KEY (tenant_id, n),
  CONSTRAINT fk_changes_tenant_id_member_id FOREIGN KEY(tenant_id, member_id) REFERENCES members (tenant_id, id),
  CONSTRAINT fk_changes_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE INDEX ix_changes_age ON changes (tenant_id, at);
CREATE INDEX ix_changes_member ON changes (tenant_id, member_id, n);
CREATE TABLE devices (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  member_id UUID NOT NULL,
  label VARCHAR NOT NULL,
  app_version VARCHAR NOT NULL,
  schema_version INTEGER NOT NULL,
  storage JSONB,
  waiting INTEGER NOT NULL,
  clock_offset_ms BIGINT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
  revoked_at TIMESTAMP WITH TIME ZONE,
  revoked_by UUID,
  wiped_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_devices PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_devices_tenant_id_member_id FOREIGN KEY(tenant_id, member_id) REFERENCES members (tenant_id, id),
  CONSTRAINT fk_devices_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE INDEX ix_devices_member ON devices (tenant_id, member_id);
CREATE TABLE conflicts (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  kind VARCHAR NOT NULL,
  noun VARCHAR NOT NULL,
  row_id UUID NOT NULL,
  field VARCHAR NOT NULL,
  lost JSONB NOT NULL,
  kept JSONB NOT NULL,
  mutation_id UUID NOT NULL,
  device_id UUID NOT NULL,
  member_id UUID NOT NULL,
  device_at TIMESTAMP WITH TIME ZONE NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  decision VARCHAR,
  decided_at TIMESTAMP WITH TIME ZONE,
  decided_by UUID,
  CONSTRAINT pk_conflicts PRIMARY KEY (tenant_id, id),
  CONSTRAINT ck_conflicts_kind_known CHECK (kind IN ('field', 'stage')),
  CONSTRAINT ck_conflicts_decision_known CHECK (decision IN ('used', 'kept')),
  CONSTRAINT fk_conflicts_tenant_id_device_id FOREIGN KEY(tenant_id, device_id) REFERENCES devices (tenant_id, id),
  CONSTRAINT fk_conflicts_tenant_id_member_id FOREIGN KEY(tenant_id, member_id) REFERENCES members (tenant_id, id),
  CONSTRAINT fk_conflicts_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE INDEX ix_conflicts_age ON conflicts (tenant_id, created_at);
CREATE INDEX ix_conflicts_device ON conflicts (tenant_id, device_id);
CREATE INDEX ix_conflicts_member ON conflicts (tenant_id, member_id, created_at);
CREATE INDEX ix_conflicts_row ON conflicts (tenant_id, noun, row_id);
CREATE TABLE quarantine (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  device_id UUID NOT NULL,
  member_id UUID NOT NULL,
  mutation_id UUID NOT NULL,
  kind VARCHAR NOT NULL,
  reason VARCHAR NOT NULL,
  body TEXT NOT NULL,
  received_at TIMESTAMP WITH TIME ZONE NOT NULL,
  decision VARCHAR,
  decided_at TIMESTAMP WITH TIME ZONE,
  decided_by UUID,
  CONSTRAINT pk_quarantine PRIMARY KEY (tenant_id, id),
  CONSTRAINT ck_quarantine_reason_known CHECK (reason IN ('revoked', 'no_right', 'gone', 'unknown', 'failed')),
  CONSTRAINT ck_quarantine_decision_known CHECK (decision IN ('taken', 'dropped')),
  CONSTRAINT fk_quarantine_tenant_id_device_id FOREIGN KEY(tenant_id, device_id) REFERENCES devices (tenant_id, id),
  CONSTRAINT fk_quarantine_tenant_id_member_id FOREIGN KEY(tenant_id, member_id) REFERENCES members (tenant_id, id),
  CONSTRAINT fk_quarantine_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE INDEX ix_quarantine_device ON quarantine (tenant_id, device_id);
CREATE INDEX ix_quarantine_member ON quarantine (tenant_id, member_id);
CREATE INDEX ix_quarantine_open ON quarantine (tenant_id, received_at);
CREATE TABLE sync_clients (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  member_id UUID NOT NULL,
  last_seq BIGINT NOT NULL,
  CONSTRAINT pk_sync_clients PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_sync_clients_tenant_id_id FOREIGN KEY(tenant_id, id) REFERENCES devices (tenant_id, id),
  CONSTRAINT fk_sync_clients_tenant_id_member_id FOREIGN KEY(tenant_id, member_id) REFERENCES members (tenant_id, id),
  CONSTRAINT fk_sync_clients_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE INDEX ix_sync_clients_member ON sync_clients (tenant_id, member_id);
CREATE TABLE sync_mutations (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  device_id UUID NOT NULL,
  member_id UUID NOT NULL,
  seq BIGINT NOT NULL,
  mutation_id UUID,
  kind VARCHAR NOT NULL,
  status VARCHAR NOT NULL,
  result JSONB NOT NULL,
  body_hash VARCHAR NOT NULL,
  clock JSONB NOT NULL,
  received_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_sync_mutations PRIMARY KEY (tenant_id, id),
  CONSTRAINT uq_sync_mutations_tenant_id_mutation_id UNIQUE (tenant_id, mutation_id),
  CONSTRAINT uq_sync_mutations_tenant_id_device_id_seq UNIQUE (tenant_id, device_id, seq),
  CONSTRAINT ck_sync_mutations_status_known CHECK (status IN ('applied', 'duplicate', 'conflict', 'rejected', 'parked')),
  CONSTRAINT fk_sync_mutations_tenant_id_device_id FOREIGN KEY(tenant_id, device_id) REFERENCES devices (tenant_id, id),
  CONSTRAINT fk_sync_mutations_tenant_id_member_id FOREIGN KEY(tenant_id, member_id) REFERENCES members (tenant_id, id),
  CONSTRAINT fk_sync_mutations_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE INDEX ix_sync_mutations_member ON sync_mutations (tenant_id, member_id);
CREATE TABLE checklist_items (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  version INTEGER NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  created_by UUID,
  updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
  updated_by UUID,
  archived_at TIMESTAMP WITH TIME ZONE,
  visit_id UUID NOT NULL,
  kind VARCHAR NOT NULL,
  label VARCHAR NOT NULL,
  required BOOLEAN NOT NULL,
  position INTEGER NOT NULL,
  stage VARCHAR NOT NULL,
  value VARCHAR NOT NULL,
  answered_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_checklist_items PRIMARY KEY (tenant_id, id),
  CONSTRAINT ck_checklist_items_kind_known CHECK (kind IN ('check', 'text', 'number', 'photo', 'signature')),
  CONSTRAINT ck_checklist_items_stage_known CHECK (stage IN ('open', 'done', 'not_applicable', 'failed')),
  CONSTRAINT fk_checklist_items_tenant_id_visit_id FOREIGN KEY(tenant_id, visit_id) REFERENCES visits (tenant_id, id),
  CONSTRAINT fk_checklist_items_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE INDEX ix_checklist_items_visit ON checklist_items (tenant_id, visit_id, position, id);
CREATE TABLE expenses (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  version INTEGER NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  created_by UUID,
  updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
  updated_by UUID,
  archived_at TIMESTAMP WITH TIME ZONE,
  visit_id UUID NOT NULL,
  job_id UUID NOT NULL,
  member_id UUID NOT NULL,
  title VARCHAR NOT NULL,
  claimed_cents BIGINT,
  receipt_id UUID,
  billable BOOLEAN NOT NULL,
  approved_at TIMESTAMP WITH TIME ZONE,
  approved_by UUID,
  CONSTRAINT pk_expenses PRIMARY KEY (tenant_id, id),
  CONSTRAINT ck_expenses_claimed_cents_not_negative CHECK (claimed_cents >= 0),
  CONSTRAINT fk_expenses_tenant_id_visit_id FOREIGN KEY(tenant_id, visit_id) REFERENCES visits (tenant_id, id),
  CONSTRAINT fk_expenses_tenant_id_job_id FOREIGN KEY(tenant_id, job_id) REFERENCES jobs (tenant_id, id),
  CONSTRAINT fk_expenses_tenant_id_member_id FOREIGN KEY(tenant_id, member_id) REFERENCES members (tenant_id, id),
  CONSTRAINT fk_expenses_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE INDEX ix_expenses_job ON expenses (tenant_id, job_id);
CREATE INDEX ix_expenses_member ON expenses (tenant_id, member_id);
CREATE INDEX ix_expenses_visit ON expenses (tenant_id, visit_id);
CREATE TABLE materials (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  version INTEGER NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  created_by UUID,
  updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
  updated_by UUID,
  archived_at TIMESTAMP WITH TIME ZONE,
  visit_id UUID NOT NULL,
  job_id UUID NOT NULL,
  member_id UUID,
  name VARCHAR NOT NULL,
  quantity NUMERIC(18, 4) NOT NULL,
  unit VARCHAR NOT NULL,
  billable BOOLEAN NOT NULL,
  CONSTRAINT pk_materials PRIMARY KEY (tenant_id, id),
  CONSTRAINT ck_materials_quantity_not_negative CHECK (quantity >= 0),
  CONSTRAINT fk_materials_tenant_id_visit_id FOREIGN KEY(tenant_id, visit_id) REFERENCES visits (tenant_id, id),
  CONSTRAINT fk_materials_tenant_id_job_id FOREIGN KEY(tenant_id, job_id) REFERENCES jobs (tenant_id, id),
  CONSTRAINT fk_materials_tenant_id_member_id FOREIGN KEY(tenant_id, member_id) REFERENCES members (tenant_id, id),
  CONSTRAINT fk_materials_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE INDEX ix_materials_job ON materials (tenant_id, job_id);
CREATE INDEX ix_materials_member ON materials (tenant_id, member_id);
CREATE INDEX ix_materials_visit ON materials (tenant_id, visit_id);
CREATE TABLE tasks (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  version INTEGER NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  created_by UUID,
  updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
  updated_by UUID,
  archived_at TIMESTAMP WITH TIME ZONE,
  visit_id UUID NOT NULL,
  member_id UUID,
  kind VARCHAR NOT NULL,
  text TEXT NOT NULL,
  due_on DATE,
  wanted JSONB,
  stage VARCHAR NOT NULL,
  finished_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_tasks PRIMARY KEY (tenant_id, id),
  CONSTRAINT ck_tasks_kind_known CHECK (kind IN ('follow_up', 'extra_work', 'reschedule', 'failed_check')),
  CONSTRAINT ck_tasks_stage_known CHECK (stage IN ('open', 'done', 'dropped')),
  CONSTRAINT fk_tasks_tenant_id_visit_id FOREIGN KEY(tenant_id, visit_id) REFERENCES visits (tenant_id, id),
  CONSTRAINT fk_tasks_tenant_id_member_id FOREIGN KEY(tenant_id, member_id) REFERENCES members (tenant_id, id),
  CONSTRAINT fk_tasks_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE INDEX ix_tasks_member ON tasks (tenant_id, member_id);
CREATE INDEX ix_tasks_open ON tasks (tenant_id, stage, created_at);
CREATE INDEX ix_tasks_visit ON tasks (tenant_id, visit_id);
CREATE TABLE time_entries (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  version INTEGER NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  created_by UUID,
  updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
  updated_by UUID,
  archived_at TIMESTAMP WITH TIME ZONE,
  member_id UUID NOT NULL,
  visit_id UUID,
  kind VARCHAR NOT NULL,
  started_at TIMESTAMP WITH TIME ZONE NOT NULL,
  ended_at TIMESTAMP WITH TIME ZONE,
  clock JSONB NOT NULL,
  skewed BOOLEAN NOT NULL,
  corrects_id UUID,
  reason VARCHAR NOT NULL,
  approved_at TIMESTAMP WITH TIME ZONE,
  approved_by UUID,
  locked_at TIMESTAMP WITH TIME ZONE,
  cost_rate_cents BIGINT,
  CONSTRAINT pk_time_entries PRIMARY KEY (tenant_id, id),
  CONSTRAINT ck_time_entries_kind_known CHECK (kind IN ('travel', 'work', 'break')),
  CONSTRAINT ck_time_entries_ends_after_it_starts CHECK (ended_at IS NULL OR ended_at >= started_at),
  CONSTRAINT fk_time_entries_tenant_id_member_id FOREIGN KEY(tenant_id, member_id) REFERENCES members (tenant_id, id),
  CONSTRAINT fk_time_entries_tenant_id_visit_id FOREIGN KEY(tenant_id, visit_id) REFERENCES visits (tenant_id, id),
  CONSTRAINT fk_time_entries_tenant_id_corrects_id FOREIGN KEY(tenant_id, corrects_id) REFERENCES time_entries (tenant_id, id),
  CONSTRAINT fk_time_entries_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE INDEX ix_time_entries_corrects ON time_entries (tenant_id, corrects_id);
CREATE INDEX ix_time_entries_member ON time_entries (tenant_id, member_id, started_at);
CREATE INDEX ix_time_entries_visit ON time_entries (tenant_id, visit_id);
CREATE TABLE checklist_results (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  item_id UUID NOT NULL,
  visit_id UUID NOT NULL,
  member_id UUID,
  outcome VARCHAR NOT NULL,
  value TEXT NOT NULL,
  reason VARCHAR NOT NULL,
  clock JSONB,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_checklist_results PRIMARY KEY (tenant_id, id),
  CONSTRAINT ck_checklist_results_outcome_known CHECK (outcome IN ('done', 'not_applicable', 'failed')),
  CONSTRAINT fk_checklist_results_tenant_id_item_id FOREIGN KEY(tenant_id, item_id) REFERENCES checklist_items (tenant_id, id),
  CONSTRAINT fk_checklist_results_tenant_id_visit_id FOREIGN KEY(tenant_id, visit_id) REFERENCES visits (tenant_id, id),
  CONSTRAINT fk_checklist_results_tenant_id_member_id FOREIGN KEY(tenant_id, member_id) REFERENCES members (tenant_id, id),
  CONSTRAINT fk_checklist_results_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE INDEX ix_checklist_results_item ON checklist_results (tenant_id, item_id, created_at);
CREATE INDEX ix_checklist_results_member ON checklist_results (tenant_id, member_id);
CREATE INDEX ix_checklist_results_visit ON checklist_results (tenant_id, visit_id);
ALTER TABLE signatures DROP CONSTRAINT ck_signatures_noun_known;
ALTER TABLE signatures ADD CONSTRAINT ck_signatures_noun_known CHECK (noun IN ('estimates', 'visits'));
