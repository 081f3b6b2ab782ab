"""Letters to coaches about their account, all in one place; another e-mail address that waits for its yes"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('coach_letter',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('coach_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('due_at', sa.DateTime(), nullable=False),
    sa.Column('until_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['coach_id'], ['coach.id'], name=op.f('fk_coach_letter_coach_id_coach'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coach_letter'))
    )
    with op.batch_alter_table('coach_letter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_coach_letter_coach_id'), ['coach_id'], unique=False)

    op.create_table('email_change',
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.Column('coach_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('expires_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['coach_id'], ['coach.id'], name=op.f('fk_email_change_coach_id_coach'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_email_change')),
    sa.UniqueConstraint('coach_id', name=op.f('uq_email_change_coach_id'))
    )

    with op.batch_alter_table('setup_key', schema=None) as batch_op:
        batch_op.drop_column('mail_at')


def downgrade() -> None:
    with op.batch_alter_table('setup_key', schema=None) as batch_op:
        batch_op.add_column(sa.Column('mail_at', sa.DateTime(), nullable=True))
    op.drop_table('email_change')
    with op.batch_alter_table('coach_letter', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_coach_letter_coach_id'))
    op.drop_table('coach_letter')
