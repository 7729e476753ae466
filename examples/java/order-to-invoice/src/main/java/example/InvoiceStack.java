package example;

import software.amazon.awscdk.PhysicalName;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.Runtime;
import software.constructs.Construct;

/** Account C: invoice processing. */
final class InvoiceStack extends Stack {
  private final Function handler;

  InvoiceStack(Construct scope, String id, StackProps props) {
    super(scope, id, props);
    handler =
        Function.Builder.create(this, "InvoiceProcessing")
            .functionName(PhysicalName.GENERATE_IF_NEEDED)
            .runtime(Runtime.NODEJS_24_X)
            .handler("index.handler")
            .code(Code.fromInline("exports.handler = async (event) => console.log(\"invoice for\", event.detail);"))
            .build();
  }

  Function handler() {
    return handler;
  }
}
