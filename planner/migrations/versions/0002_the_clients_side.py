"""The client's side: answers, feeds, messages"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('link_request',
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.Column('asked_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_link_request'))
    )
    op.create_table('coach_feed',
    sa.Column('titles', sa.String(length=12), nullable=False),
    sa.Column('generation', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('renewed_at', sa.DateTime(), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('coach_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['owner_id', 'coach_id'], ['coach.owner_id', 'coach.id'], name=op.f('fk_coach_feed_owner_id_coach_id_coach')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coach_feed')),
    sa.UniqueConstraint('owner_id', 'coach_id', name=op.f('uq_coach_feed_owner_id_coach_id'))
    )
    op.create_table('feed_digest',
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.Column('feed_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['feed_id'], ['coach_feed.id'], name=op.f('fk_feed_digest_feed_id_coach_feed'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_feed_digest')),
    sa.UniqueConstraint('feed_id', name=op.f('uq_feed_digest_feed_id'))
    )
    op.create_table('message',
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('walk_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('due_at', sa.DateTime(), nullable=False),
    sa.Column('claimed_until', sa.DateTime(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('problem', sa.String(length=20), nullable=True),
    sa.Column('by_hand', sa.Boolean(), nullable=False),
    sa.Column('told_sequence', sa.Integer(), nullable=True),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.Column('sent_at', sa.DateTime(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('coach_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['owner_id', 'coach_id', 'client_id', 'walk_id'], ['walk.owner_id', 'walk.coach_id', 'walk.client_id', 'walk.id'], name=op.f('fk_message_owner_id_coach_id_client_id_walk_id_walk'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['owner_id', 'coach_id', 'client_id'], ['client.owner_id', 'client.coach_id', 'client.id'], name=op.f('fk_message_owner_id_coach_id_client_id_client'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message'))
    )
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_message_owner_id_client_id_created_at'), ['owner_id', 'client_id', 'created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_message_owner_id_walk_id'), ['owner_id', 'walk_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_message_state_due_at'), ['state', 'due_at'], unique=False)

    op.create_table('walk_answer',
    sa.Column('walk_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('about_at', sa.DateTime(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('coach_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['owner_id', 'coach_id', 'client_id', 'walk_id'], ['walk.owner_id', 'walk.coach_id', 'walk.client_id', 'walk.id'], name=op.f('fk_walk_answer_owner_id_coach_id_client_id_walk_id_walk'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_walk_answer')),
    sa.UniqueConstraint('owner_id', 'walk_id', name=op.f('uq_walk_answer_owner_id_walk_id'))
    )
    with op.batch_alter_table('walk_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_walk_answer_owner_id_client_id'), ['owner_id', 'client_id'], unique=False)

    with op.batch_alter_table('client', schema=None) as batch_op:
        batch_op.add_column(sa.Column('page_asks', sa.String(length=100), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('reminders', sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column('mails_by_itself', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('mail_digest', sa.LargeBinary(), nullable=True))
        batch_op.create_index(batch_op.f('ix_client_mail_digest'), ['mail_digest'], unique=False)

    with op.batch_alter_table('share_link', schema=None) as batch_op:
        batch_op.add_column(sa.Column('titles', sa.String(length=12), nullable=False, server_default='neutral'))

    with op.batch_alter_table('walk', schema=None) as batch_op:
        batch_op.add_column(sa.Column('moved_from_local', sa.DateTime(), nullable=True))


def downgrade() -> None:
# ### commands auto generated by Alembic - please adjust! ###
    with op.batch_alter_table('walk', schema=None) as batch_op:
        batch_op.drop_column('moved_from_local')

    with op.batch_alter_table('share_link', schema=None) as batch_op:
        batch_op.drop_column('titles')

    with op.batch_alter_table('client', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_client_mail_digest'))
        batch_op.drop_column('mail_digest')
        batch_op.drop_column('mails_by_itself')
        batch_op.drop_column('reminders')
        batch_op.drop_column('page_asks')

    with op.batch_alter_table('walk_answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_walk_answer_owner_id_client_id'))

    op.drop_table('walk_answer')
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_message_state_due_at'))
        batch_op.drop_index(batch_op.f('ix_message_owner_id_walk_id'))
        batch_op.drop_index(batch_op.f('ix_message_owner_id_client_id_created_at'))

    op.drop_table('message')
    op.drop_table('feed_digest')
    op.drop_table('coach_feed')
    op.drop_table('link_request')
    # ### end Alembic commands ###

