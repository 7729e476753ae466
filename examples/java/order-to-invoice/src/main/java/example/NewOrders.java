package example;

import java.util.List;

/** The events that the web store publishes. */
final class NewOrders {
  static final List<String> SOURCES = List.of("com.exampleCorp.webStore");
  static final List<String> DETAIL_TYPES = List.of("newOrderCreated");

  private NewOrders() {}
}
