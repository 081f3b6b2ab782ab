"""The chain of the audit rows, which nobody can change; when backups were made; when the keys were verified"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
PURGED = "SELECT 1 FROM audit_segment WHERE state = 'purged' AND OLD.seq BETWEEN first_seq AND last_seq"
STEPS = (
    "OLD.state = 'open' OR (OLD.state = 'closed' AND NEW.state = 'purged' AND NEW.first_seq = OLD.first_seq"
    " AND NEW.last_seq = OLD.last_seq AND NEW.month = OLD.month AND NEW.begins = OLD.begins AND NEW.head = OLD.head)"
)
GUARDS = {  # when a change is refused
    'audit_entry_update': ('UPDATE', 'audit_entry', 'OLD.seq IS NOT NULL'),
    'audit_entry_delete': ('DELETE', 'audit_entry', f'NOT EXISTS ({PURGED})'),
    'audit_segment_update': ('UPDATE', 'audit_segment', f'NOT ({STEPS})'),
    'audit_segment_delete': ('DELETE', 'audit_segment', '1 = 1'),
}
"""Whoever builds one of these tables anew on SQLite makes its guards anew: they go with the old one."""


def upgrade() -> None:
    op.create_table('audit_segment',
    sa.Column('first_seq', BIG, autoincrement=False, nullable=False),
    sa.Column('last_seq', BIG, nullable=False),
    sa.Column('month', sa.String(length=7), nullable=False),
    sa.Column('state', sa.String(length=6), nullable=False),
    sa.Column('begins', sa.LargeBinary(), nullable=False),
    sa.Column('head', sa.LargeBinary(), nullable=False),
    sa.Column('seal', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('first_seq', name=op.f('pk_audit_segment'))
    )
    op.create_table('backup_run',
    sa.Column('night', sa.String(length=10), nullable=False),
    sa.Column('began_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('file', sa.String(length=200), nullable=True),
    sa.Column('bytes', BIG, nullable=True),
    sa.Column('rows', BIG, nullable=True),
    sa.Column('problem', sa.String(length=300), nullable=True),
    sa.PrimaryKeyConstraint('night', name=op.f('pk_backup_run'))
    )
    op.create_table('key_proof',
    sa.Column('fingerprint', sa.String(length=32), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('fingerprint', name=op.f('pk_key_proof'))
    )
    op.add_column('audit_entry', sa.Column('seq', BIG, nullable=True))
    op.add_column('audit_entry', sa.Column('digest', sa.LargeBinary(), nullable=True))
    op.create_index(op.f('ix_audit_entry_seq'), 'audit_entry', ['seq'], unique=True)
    op.drop_index(op.f('ix_audit_entry_at'), 'audit_entry')
    if op.get_bind().dialect.name == 'sqlite':
        for name, (deed, table, refused) in GUARDS.items():
            op.execute(f"CREATE TRIGGER {name} BEFORE {deed} ON {table} WHEN {refused} "
                       "BEGIN SELECT RAISE(ABORT, 'the audit log stays as it is'); END")
        return
    for name, (deed, table, refused) in GUARDS.items():
        op.execute(f"""CREATE FUNCTION planner_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF {refused} THEN RAISE EXCEPTION 'the audit log stays as it is'; END IF;
            RETURN {'NEW' if deed == 'UPDATE' else 'OLD'}; END $$""")
        op.execute(f"CREATE TRIGGER {name} BEFORE {deed} ON {table} FOR EACH ROW EXECUTE FUNCTION planner_{name}()")
    op.execute("""CREATE FUNCTION planner_audit_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'the audit log stays as it is'; END $$""")
    for table in ('audit_entry', 'audit_segment'):
        op.execute(f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} "
                   "FOR EACH STATEMENT EXECUTE FUNCTION planner_audit_truncate()")


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == 'sqlite'
    for name, (_deed, table, _refused) in GUARDS.items():
        op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP FUNCTION planner_{name} CASCADE")
    if not sqlite:
        op.execute("DROP FUNCTION planner_audit_truncate CASCADE")
    op.create_index(op.f('ix_audit_entry_at'), 'audit_entry', ['at'], unique=False)
    op.drop_index(op.f('ix_audit_entry_seq'), 'audit_entry')
    op.drop_column('audit_entry', 'digest')
    op.drop_column('audit_entry', 'seq')
    op.drop_table('key_proof')
    op.drop_table('backup_run')
    op.drop_table('audit_segment')
