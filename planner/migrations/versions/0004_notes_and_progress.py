"""Notes whole, what was written before and after them, measures and reviews"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('snippet',
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('coach_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['owner_id', 'coach_id'], ['coach.owner_id', 'coach.id'], name=op.f('fk_snippet_owner_id_coach_id_coach')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_snippet'))
    )
    with op.batch_alter_table('snippet', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_snippet_owner_id_coach_id'), ['owner_id', 'coach_id'], unique=False)

    op.create_table('external_measure',
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('coach_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['owner_id', 'coach_id', 'client_id'], ['client.owner_id', 'client.coach_id', 'client.id'], name=op.f('fk_external_measure_owner_id_coach_id_client_id_client'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_external_measure'))
    )
    with op.batch_alter_table('external_measure', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_external_measure_owner_id_client_id'), ['owner_id', 'client_id'], unique=False)

    op.create_table('review',
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('held_at', sa.DateTime(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('coach_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['owner_id', 'coach_id', 'client_id'], ['client.owner_id', 'client.coach_id', 'client.id'], name=op.f('fk_review_owner_id_coach_id_client_id_client'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review'))
    )
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_owner_id_client_id_held_at'), ['owner_id', 'client_id', 'held_at'], unique=False)

    op.create_table('note_addendum',
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('written_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('walk_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('coach_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['owner_id', 'coach_id', 'client_id', 'walk_id'], ['walk.owner_id', 'walk.coach_id', 'walk.client_id', 'walk.id'], name=op.f('fk_note_addendum_owner_id_coach_id_client_id_walk_id_walk'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_note_addendum'))
    )
    with op.batch_alter_table('note_addendum', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_note_addendum_owner_id_client_id'), ['owner_id', 'client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_note_addendum_owner_id_walk_id'), ['owner_id', 'walk_id'], unique=False)

    op.create_table('note_draft',
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=True),
    sa.Column('saved_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('walk_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('coach_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['owner_id', 'coach_id', 'client_id', 'walk_id'], ['walk.owner_id', 'walk.coach_id', 'walk.client_id', 'walk.id'], name=op.f('fk_note_draft_owner_id_coach_id_client_id_walk_id_walk'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_note_draft')),
    sa.UniqueConstraint('owner_id', 'walk_id', name=op.f('uq_note_draft_owner_id_walk_id'))
    )
    with op.batch_alter_table('note_draft', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_note_draft_owner_id_client_id'), ['owner_id', 'client_id'], unique=False)

    op.create_table('note_revision',
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('saved_at', sa.DateTime(), nullable=False),
    sa.Column('replaced_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('walk_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('coach_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['owner_id', 'coach_id', 'client_id', 'walk_id'], ['walk.owner_id', 'walk.coach_id', 'walk.client_id', 'walk.id'], name=op.f('fk_note_revision_owner_id_coach_id_client_id_walk_id_walk'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_note_revision')),
    sa.UniqueConstraint('owner_id', 'walk_id', 'version', name=op.f('uq_note_revision_owner_id_walk_id_version'))
    )
    with op.batch_alter_table('note_revision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_note_revision_owner_id_client_id'), ['owner_id', 'client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_note_revision_replaced_at'), ['replaced_at'], unique=False)

    with op.batch_alter_table('coach', schema=None) as batch_op:
        batch_op.add_column(sa.Column('note_parts', sa.String(length=200), nullable=True))



def downgrade() -> None:
    with op.batch_alter_table('coach', schema=None) as batch_op:
        batch_op.drop_column('note_parts')

    with op.batch_alter_table('note_revision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_note_revision_replaced_at'))
        batch_op.drop_index(batch_op.f('ix_note_revision_owner_id_client_id'))

    op.drop_table('note_revision')
    with op.batch_alter_table('note_draft', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_note_draft_owner_id_client_id'))

    op.drop_table('note_draft')
    with op.batch_alter_table('note_addendum', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_note_addendum_owner_id_walk_id'))
        batch_op.drop_index(batch_op.f('ix_note_addendum_owner_id_client_id'))

    op.drop_table('note_addendum')
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_owner_id_client_id_held_at'))

    op.drop_table('review')
    with op.batch_alter_table('external_measure', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_external_measure_owner_id_client_id'))

    op.drop_table('external_measure')
    with op.batch_alter_table('snippet', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_snippet_owner_id_coach_id'))

    op.drop_table('snippet')
