"""From order to invoice: three accounts and one kind of event."""

from aws_cdk import App, Environment
from cdk_cross_account_eventbridge import CrossAccountEventChecks

from stacks import CentralBusStack, InvoiceStack, WebStoreStack

REGION = "us-east-1"
WEB_STORE = Environment(account="111111111111", region=REGION)
CENTRAL_BUS = Environment(account="222222222222", region=REGION)
INVOICES = Environment(account="333333333333", region=REGION)

# The whole app: one stack for each of the three accounts.
app = App()
hub = CentralBusStack(app, "CentralBus", env=CENTRAL_BUS)
WebStoreStack(app, "WebStore", bus=hub.bus, env=WEB_STORE)
invoices = InvoiceStack(app, "Invoices", env=INVOICES)
hub.send_new_orders_to(invoices.handler)
CrossAccountEventChecks.apply_to(app)
app.synth()
