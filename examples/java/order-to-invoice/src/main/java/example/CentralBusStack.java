package example;

import io.github.cdkcrossaccounteventbridge.CrossAccountEventBus;
import io.github.cdkcrossaccounteventbridge.LambdaEventTarget;
import java.util.List;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.events.EventPattern;
import software.amazon.awscdk.services.events.Rule;
import software.amazon.awscdk.services.lambda.IFunction;
import software.constructs.Construct;

/** Account B: the central bus. Its policy allows no principal until a publisher role is defined. */
final class CentralBusStack extends Stack {
  private final CrossAccountEventBus bus;

  CentralBusStack(Construct scope, String id, StackProps props) {
    super(scope, id, props);
    bus = CrossAccountEventBus.Builder.create(this, "Bus").eventBusName("central-event-bus").build();
  }

  CrossAccountEventBus bus() {
    return bus;
  }

  /** Invokes the invoice function in account C for each new order. */
  void sendNewOrdersTo(IFunction handler) {
    Rule.Builder.create(this, "NewOrderCreated")
        .eventBus(bus)
        .eventPattern(EventPattern.builder().source(NewOrders.SOURCES).detailType(NewOrders.DETAIL_TYPES).build())
        .targets(List.of(new LambdaEventTarget(handler)))
        .build();
  }
}
