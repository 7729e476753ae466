"""The stacks of the three accounts."""

from typing import Any

from aws_cdk import PhysicalName, Stack
from aws_cdk.aws_events import EventPattern, Rule
from aws_cdk.aws_iam import ManagedPolicy, ServicePrincipal
from aws_cdk.aws_lambda import Code, Function, IFunction, Runtime
from cdk_cross_account_eventbridge import AllowedEvents, CrossAccountEventBus, LambdaEventTarget, PublisherRole
from constructs import Construct

SOURCES = ["com.exampleCorp.webStore"]
DETAIL_TYPES = ["newOrderCreated"]


class CentralBusStack(Stack):
    """Account B: the central bus. Its policy allows no principal until a publisher role is defined."""

    def __init__(self, scope: Construct, construct_id: str, **props: Any) -> None:
        super().__init__(scope, construct_id, **props)
        self.bus = CrossAccountEventBus(self, "Bus", event_bus_name="central-event-bus")

    def send_new_orders_to(self, handler: IFunction) -> None:
        """Invokes the invoice function in account C for each new order."""
        Rule(
            self,
            "NewOrderCreated",
            event_bus=self.bus,
            event_pattern=EventPattern(source=SOURCES, detail_type=DETAIL_TYPES),
            targets=[LambdaEventTarget(handler)],
        )


class WebStoreStack(Stack):
    """Account A: the web store. Its function is allowed to publish new orders on the central bus, and no others."""

    def __init__(self, scope: Construct, construct_id: str, *, bus: CrossAccountEventBus, **props: Any) -> None:
        super().__init__(scope, construct_id, **props)
        role = PublisherRole(
            self,
            "Publisher",
            assumed_by=ServicePrincipal("lambda.amazonaws.com"),
            event_buses=[bus],
            allowed_events=AllowedEvents(sources=SOURCES, detail_types=DETAIL_TYPES),
            # For its logs.
            managed_policies=[ManagedPolicy.from_aws_managed_policy_name("service-role/AWSLambdaBasicExecutionRole")],
        )
        Function(
            self,
            "WebStore",
            role=role,
            runtime=Runtime.NODEJS_24_X,
            handler="index.handler",
            code=Code.from_inline(PUBLISH),
            environment={"EVENT_BUS_ARN": bus.event_bus_arn},
        )


class InvoiceStack(Stack):
    """Account C: invoice processing."""

    def __init__(self, scope: Construct, construct_id: str, **props: Any) -> None:
        super().__init__(scope, construct_id, **props)
        self.handler = Function(
            self,
            "InvoiceProcessing",
            function_name=PhysicalName.GENERATE_IF_NEEDED,
            runtime=Runtime.NODEJS_24_X,
            handler="index.handler",
            code=Code.from_inline('exports.handler = async (event) => console.log("invoice for", event.detail);'),
        )


PUBLISH = """
const { EventBridgeClient, PutEventsCommand } = require('@aws-sdk/client-eventbridge');
const client = new EventBridgeClient();
exports.handler = async (order) => client.send(new PutEventsCommand({ Entries: [{
  EventBusName: process.env.EVENT_BUS_ARN,
  Source: 'com.exampleCorp.webStore',
  DetailType: 'newOrderCreated',
  Detail: JSON.stringify(order),
}] }));
"""
