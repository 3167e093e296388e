from django.db import migrations

COUNT = """
INSERT INTO webhooks_deliverycount (tenant_id, id, day, topic, status, deliveries)
SELECT tenant_id, gen_random_uuid(), (received_at AT TIME ZONE 'UTC')::date, topic, status, count(*)
FROM webhooks_inboxevent WHERE status <> 'pending' GROUP BY 1, 3, 4, 5
"""


class Migration(migrations.Migration):
    """Count what was settled before there were counts."""

    dependencies = [("webhooks", "0003_replay_retention_and_health")]

    operations = [migrations.RunSQL(COUNT, "DELETE FROM webhooks_deliverycount")]
