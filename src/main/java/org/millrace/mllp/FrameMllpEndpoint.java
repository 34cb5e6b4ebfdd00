package org.millrace.mllp;

import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.component.mllp.MllpConfiguration;
import org.apache.camel.component.mllp.MllpEndpoint;

/** Camel's endpoint with all its options, and our consumer. */
final class FrameMllpEndpoint extends MllpEndpoint {
  private final FrameMllpComponent component;
  private final ListenerMode mode;

  FrameMllpEndpoint(
      String uri,
      FrameMllpComponent component,
      MllpConfiguration configuration,
      ListenerMode mode) {
    super(uri, component, configuration);
    this.component = component;
    this.mode = mode;
  }

  ListenerMode mode() {
    return mode;
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    FrameMllpConsumer consumer = new FrameMllpConsumer(this, component, processor);
    configureConsumer(consumer);
    return consumer;
  }

  /** Bytes a frame may hold: the smaller of the route's and the engine's limit. */
  int largestFrame() {
    return Math.min(getConfiguration().getMaxBufferSize(), component.limits().frameBytes());
  }
}
