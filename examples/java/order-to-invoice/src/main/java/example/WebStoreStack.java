package example;

import io.github.cdkcrossaccounteventbridge.AllowedEvents;
import io.github.cdkcrossaccounteventbridge.CrossAccountEventBus;
import io.github.cdkcrossaccounteventbridge.PublisherRole;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.iam.ManagedPolicy;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.Runtime;
import software.constructs.Construct;

/** Account A: the web store. Its function is allowed to publish new orders on the central bus, and no other events. */
final class WebStoreStack extends Stack {
  private static final String PUBLISH =
      """

      const { EventBridgeClient, PutEventsCommand } = require('@aws-sdk/client-eventbridge');
      const client = new EventBridgeClient();
      exports.handler = async (order) => client.send(new PutEventsCommand({ Entries: [{
        EventBusName: process.env.EVENT_BUS_ARN,
        Source: 'com.exampleCorp.webStore',
        DetailType: 'newOrderCreated',
        Detail: JSON.stringify(order),
      }] }));
      """;

  WebStoreStack(Construct scope, String id, StackProps props, CrossAccountEventBus bus) {
    super(scope, id, props);
    PublisherRole role =
        PublisherRole.Builder.create(this, "Publisher")
            .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
            .eventBuses(List.of(bus))
            .allowedEvents(
                AllowedEvents.builder().sources(NewOrders.SOURCES).detailTypes(NewOrders.DETAIL_TYPES).build())
            // For its logs.
            .managedPolicies(
                List.of(ManagedPolicy.fromAwsManagedPolicyName("service-role/AWSLambdaBasicExecutionRole")))
            .build();
    Function.Builder.create(this, "WebStore")
        .role(role)
        .runtime(Runtime.NODEJS_24_X)
        .handler("index.handler")
        .code(Code.fromInline(PUBLISH))
        .environment(Map.of("EVENT_BUS_ARN", bus.getEventBusArn()))
        .build();
  }
}
