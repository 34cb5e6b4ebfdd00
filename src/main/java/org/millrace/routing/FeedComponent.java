package org.millrace.routing;

import java.nio.charset.Charset;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.millrace.journal.Feed;

/**
 * The {@code feed:} endpoint: a route that starts with {@code feed:results?messages=ORU^R01} gets
 * every message of these types, from whichever way it came in, as a {@link
 * org.millrace.hl7.V2Message}, and leaves its reply in the body.
 *
 * <p>Parameters: {@code messages} (comma between), {@code zone} (IANA name; the engine's if
 * absent), {@code charset} (decides instead of MSH-18).
 */
public final class FeedComponent extends DefaultComponent {
  private final FeedTable table;
  private final ZoneId zone;

  /**
   * @param zone of feeds that name none
   */
  public FeedComponent(FeedTable table, ZoneId zone) {
    this.table = table;
    this.zone = zone;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String name, Map<String, Object> parameters) {
    String messages = getAndRemoveParameter(parameters, "messages", String.class, "");
    String zoneName = getAndRemoveParameter(parameters, "zone", String.class, zone.getId());
    String charset = getAndRemoveParameter(parameters, "charset", String.class, "");
    Set<String> types = new LinkedHashSet<>();
    Arrays.stream(messages.split(",", -1))
        .map(String::strip)
        .filter(type -> !type.isEmpty())
        .forEach(types::add);
    if (types.isEmpty()) {
      throw new IllegalArgumentException(
          "feed:" + name + " needs messages=, for example messages=ORU^R01");
    }
    Feed feed =
        new Feed(
            name,
            types,
            ZoneId.of(zoneName),
            charset.isEmpty() ? Optional.empty() : Optional.of(Charset.forName(charset)));
    return new FeedEndpoint(uri, this, feed);
  }

  private final class FeedEndpoint extends DefaultEndpoint {
    private final Feed feed;

    FeedEndpoint(String uri, FeedComponent component, Feed feed) {
      super(uri, component);
      this.feed = feed;
    }

    @Override
    public Producer createProducer() {
      throw new UnsupportedOperationException(
          "feed:" + feed.name() + " can only start a route; messages reach it by their type");
    }

    @Override
    public Consumer createConsumer(Processor processor) {
      return new FeedConsumer(this, processor);
    }
  }

  private final class FeedConsumer extends DefaultConsumer {
    private final Feed feed;

    FeedConsumer(FeedEndpoint endpoint, Processor processor) {
      super(endpoint, processor);
      this.feed = endpoint.feed;
    }

    @Override
    protected void doStart() throws Exception {
      super.doStart();
      table.open(feed, getProcessor());
    }

    @Override
    protected void doStop() throws Exception {
      table.close(feed);
      super.doStop();
    }
  }
}
