from django.db import migrations, models


class Migration(migrations.Migration):
    """Let the feed tell of each event once, by an id that follows from what is told."""

    dependencies = [("shop_data", "0006_shipping_given_back")]

    operations = [
        migrations.RemoveConstraint(model_name="storeevent", name="store_event_once"),
        migrations.RemoveField(model_name="storeevent", name="key"),
        migrations.AddField(
            model_name="storeevent",
            name="event_id",
            field=models.TextField(default=""),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="storeevent",
            index=models.Index(
                condition=models.Q(("type", "customer")),
                fields=["tenant", "subject_shopify_id"],
                name="store_event_of_customer",
            ),
        ),
    ]
