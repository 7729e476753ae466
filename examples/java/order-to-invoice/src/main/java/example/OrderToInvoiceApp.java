package example;

import io.github.cdkcrossaccounteventbridge.CrossAccountEventChecks;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.StackProps;

/** From order to invoice: three accounts and one kind of event. */
public final class OrderToInvoiceApp {
  private static final String REGION = "us-east-1";

  private OrderToInvoiceApp() {}

  /** The whole app: one stack for each of the three accounts. */
  public static void main(String[] args) {
    App app = new App();
    CentralBusStack hub = new CentralBusStack(app, "CentralBus", in("222222222222"));
    new WebStoreStack(app, "WebStore", in("111111111111"), hub.bus());
    InvoiceStack invoices = new InvoiceStack(app, "Invoices", in("333333333333"));
    hub.sendNewOrdersTo(invoices.handler());
    CrossAccountEventChecks.applyTo(app);
    app.synth();
  }

  private static StackProps in(String account) {
    return StackProps.builder().env(Environment.builder().account(account).region(REGION).build()).build();
  }
}
