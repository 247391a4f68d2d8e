-- Fences of the registers that fit the halts of trucks far better in another coordinate system than they were declared
-- in, until a person corrects the row or says that it is right: then no question of the same fence is asked again.
CREATE TABLE coordinate_question (
    kind           text NOT NULL,
    id             text NOT NULL,
    -- Of the fence as it was known when it was asked about: another fence is another question.
    fence_key      text NOT NULL,
    declared       text NOT NULL,
    likely         text NOT NULL,
    -- Halts of trucks in the fence as it stands, and as it would be read.
    halts_declared integer NOT NULL,
    halts_likely   integer NOT NULL,
    asked_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    answered_at    timestamptz,
    answered_by    text,
    PRIMARY KEY (kind, id, fence_key),
    CHECK ((answered_at IS NULL) = (answered_by IS NULL))
);
