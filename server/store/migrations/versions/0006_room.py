"""The room: what is said, written and shown there, and how people come to it.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exhibit",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("session", sa.String(length=36), nullable=False),
        sa.Column("space", sa.String(length=36), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("document", sa.String(length=36), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("blob", sa.String(length=36), nullable=False),
        sa.Column("pdf", sa.String(length=36), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("release", sa.String(length=32), nullable=False),
        sa.Column("answered_by", sa.String(length=36), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["seat.id"], name=op.f("fk_exhibit_answered_by_seat")
        ),
        sa.ForeignKeyConstraint(["by"], ["seat.id"], name=op.f("fk_exhibit_by_seat")),
        sa.ForeignKeyConstraint(
            ["document"], ["document.id"], name=op.f("fk_exhibit_document_document")
        ),
        sa.ForeignKeyConstraint(
            ["session"], ["session.id"], name=op.f("fk_exhibit_session_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exhibit")),
    )
    with op.batch_alter_table("exhibit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exhibit_session"), ["session"], unique=False)

    op.create_table(
        "message",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("session", sa.String(length=36), nullable=False),
        sa.Column("space", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("to_lobby", sa.String(length=36), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["seat.id"], name=op.f("fk_message_by_seat")),
        sa.ForeignKeyConstraint(
            ["session"], ["session.id"], name=op.f("fk_message_session_session")
        ),
        sa.ForeignKeyConstraint(["to_lobby"], ["seat.id"], name=op.f("fk_message_to_lobby_seat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_session"), ["session"], unique=False)

    op.create_table(
        "progress",
        sa.Column("seat", sa.String(length=36), nullable=False),
        sa.Column("rehearsal", sa.Boolean(), nullable=False),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("fault", sa.String(length=32), nullable=True),
        sa.Column("browser", sa.String(length=60), nullable=False),
        sa.Column("microphone", sa.Boolean(), nullable=True),
        sa.Column("camera", sa.Boolean(), nullable=True),
        sa.Column("speaker", sa.Boolean(), nullable=True),
        sa.Column("transport", sa.String(length=8), nullable=True),
        sa.Column("rtt_ms", sa.Integer(), nullable=True),
        sa.Column("loss", sa.Float(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["seat"], ["seat.id"], name=op.f("fk_progress_seat_seat")),
        sa.PrimaryKeyConstraint("seat", "rehearsal", name=op.f("pk_progress")),
    )
    op.create_table(
        "room_note",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("session", sa.String(length=36), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("release", sa.String(length=32), nullable=False),
        sa.Column("answered_by", sa.String(length=36), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["seat.id"], name=op.f("fk_room_note_answered_by_seat")
        ),
        sa.ForeignKeyConstraint(["by"], ["seat.id"], name=op.f("fk_room_note_by_seat")),
        sa.ForeignKeyConstraint(
            ["session"], ["session.id"], name=op.f("fk_room_note_session_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_note")),
    )
    with op.batch_alter_table("room_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_room_note_session"), ["session"], unique=False)

    op.create_table(
        "session_text",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("session", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=True),
        sa.Column("user", sa.String(length=36), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["seat.id"], name=op.f("fk_session_text_by_seat")),
        sa.ForeignKeyConstraint(
            ["session"], ["session.id"], name=op.f("fk_session_text_session_session")
        ),
        sa.ForeignKeyConstraint(["user"], ["user.id"], name=op.f("fk_session_text_user_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_text")),
        sa.UniqueConstraint(
            "session", "kind", "version", name=op.f("uq_session_text_session_kind_version")
        ),
    )
    op.create_table(
        "exhibit_page",
        sa.Column("exhibit", sa.String(length=36), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("width", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("blob", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["exhibit"], ["exhibit.id"], name=op.f("fk_exhibit_page_exhibit_exhibit")
        ),
        sa.PrimaryKeyConstraint("exhibit", "n", "width", name=op.f("pk_exhibit_page")),
    )
    op.create_table(
        "exhibit_reader",
        sa.Column("exhibit", sa.String(length=36), nullable=False),
        sa.Column("seat", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["exhibit"], ["exhibit.id"], name=op.f("fk_exhibit_reader_exhibit_exhibit")
        ),
        sa.ForeignKeyConstraint(["seat"], ["seat.id"], name=op.f("fk_exhibit_reader_seat_seat")),
        sa.PrimaryKeyConstraint("exhibit", "seat", name=op.f("pk_exhibit_reader")),
    )
    with op.batch_alter_table("exhibit_reader", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exhibit_reader_seat"), ["seat"], unique=False)

    op.create_table(
        "message_reader",
        sa.Column("message", sa.String(length=36), nullable=False),
        sa.Column("seat", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["message"], ["message.id"], name=op.f("fk_message_reader_message_message")
        ),
        sa.ForeignKeyConstraint(["seat"], ["seat.id"], name=op.f("fk_message_reader_seat_seat")),
        sa.PrimaryKeyConstraint("message", "seat", name=op.f("pk_message_reader")),
    )
    with op.batch_alter_table("message_reader", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_reader_seat"), ["seat"], unique=False)

    op.create_table(
        "stroke",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("exhibit", sa.String(length=36), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("space", sa.String(length=36), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("shape", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["seat.id"], name=op.f("fk_stroke_by_seat")),
        sa.ForeignKeyConstraint(
            ["exhibit"], ["exhibit.id"], name=op.f("fk_stroke_exhibit_exhibit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stroke")),
    )
    with op.batch_alter_table("stroke", schema=None) as batch_op:
        batch_op.create_index("ix_stroke_page", ["exhibit", "page", "space"], unique=False)

    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.add_column(sa.Column("person", sa.Text(), server_default="", nullable=False))

    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.add_column(sa.Column("speaker", sa.String(length=36), nullable=True))
        batch_op.add_column(
            sa.Column("language", sa.String(length=60), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("revoked", sa.Boolean(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("signs", sa.Boolean(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("away", sa.Boolean(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("beside", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(
            sa.Column("beside_told", sa.Boolean(), server_default="0", nullable=False)
        )
        batch_op.add_column(
            sa.Column("beside_agreed", sa.Boolean(), server_default="0", nullable=False)
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_seat_speaker_representative"), "representative", ["speaker"], ["id"]
        )

    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("purpose", sa.String(length=32), server_default="meeting", nullable=False)
        )
        batch_op.add_column(sa.Column("minutes", sa.Integer(), server_default="60", nullable=False))
        batch_op.add_column(sa.Column("locked", sa.Boolean(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("break_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("edition", sa.Integer(), server_default="0", nullable=False))

    with op.batch_alter_table("space", schema=None) as batch_op:
        batch_op.add_column(sa.Column("quiet", sa.Boolean(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("expected_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("knock", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("exhibit", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("page", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("shown_by", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("screen", sa.String(length=36), nullable=True))
        batch_op.add_column(
            sa.Column("scope", sa.String(length=64), server_default="", nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("space", schema=None) as batch_op:
        batch_op.drop_column("scope")
        batch_op.drop_column("screen")
        batch_op.drop_column("shown_by")
        batch_op.drop_column("page")
        batch_op.drop_column("exhibit")
        batch_op.drop_column("knock")
        batch_op.drop_column("expected_at")
        batch_op.drop_column("quiet")

    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_column("edition")
        batch_op.drop_column("break_until")
        batch_op.drop_column("locked")
        batch_op.drop_column("minutes")
        batch_op.drop_column("purpose")

    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_seat_speaker_representative"), type_="foreignkey")
        batch_op.drop_column("beside_agreed")
        batch_op.drop_column("beside_told")
        batch_op.drop_column("beside")
        batch_op.drop_column("away")
        batch_op.drop_column("signs")
        batch_op.drop_column("revoked")
        batch_op.drop_column("language")
        batch_op.drop_column("speaker")

    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_column("person")

    with op.batch_alter_table("stroke", schema=None) as batch_op:
        batch_op.drop_index("ix_stroke_page")

    op.drop_table("stroke")
    with op.batch_alter_table("message_reader", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_reader_seat"))

    op.drop_table("message_reader")
    with op.batch_alter_table("exhibit_reader", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exhibit_reader_seat"))

    op.drop_table("exhibit_reader")
    op.drop_table("exhibit_page")
    op.drop_table("session_text")
    with op.batch_alter_table("room_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_room_note_session"))

    op.drop_table("room_note")
    op.drop_table("progress")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_session"))

    op.drop_table("message")
    with op.batch_alter_table("exhibit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exhibit_session"))

    op.drop_table("exhibit")
