-- What the phones show. Tables are joined in this order, so that the newest deliveries are found
-- first and the rest is not read. :now is epoch milliseconds; a message that waits is decided
-- already, and its outcome holds once the clock shows `ends_ms`.
WITH inbox AS (
  SELECT d.seq, m.n, d.seq * 1000000 + coalesce(m.n, 0) AS id, d.seq AS delivery,
    d.target AS user, p.name AS device, p.vendor, p.system,
    CASE
      WHEN d.revoked_ms IS NOT NULL AND (m.n IS NULL OR d.revoked_ms < m.ends_ms
        OR (m.channel = 'push' AND m.outcome IN ('shown', 'cut'))) THEN 'revoked'
      WHEN m.n IS NULL THEN 'shown'
      WHEN m.ends_ms <= :now THEN m.outcome
      WHEN m.phone IS NULL AND m.channel = 'push' THEN 'not-bound'
      ELSE 'waiting' END AS outcome,
    m.rule, m.waits, m.until_ms, d.revoked_ms, d.at_ms AS sent_ms,
    CASE WHEN m.ends_ms <= :now THEN m.ends_ms ELSE d.at_ms END AS at_ms,
    coalesce(m.channel, 'push') AS channel, m.segments,
    coalesce(m.title, d.title, t.title) AS title, coalesce(d.title, t.title) AS title_sent,
    coalesce(m.content, d.content, t.content) AS content,
    coalesce(d.content, t.content) AS content_sent,
    t.id AS task_id, t.name AS task_name, t.app, t.workspace, d.msgkey AS message_key,
    t.delivery_type, t.strategy_type, d.due_ms, d.target, t.params, t.texts,
    (SELECT o.id FROM occurrences o WHERE o.seq = d.occurrence) AS occurrence_id
  FROM deliveries d CROSS JOIN tasks t ON t.seq = d.task
    LEFT JOIN messages m ON m.delivery = d.seq LEFT JOIN phones p ON p.seq = m.phone)
