package org.millrace.routing;

import java.time.ZoneId;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.millrace.journal.Feed;
import org.millrace.journal.FeedParameters;

/**
 * The {@code feed:} endpoint: a route that starts with {@code feed:results?messages=ORU^R01} gets
 * every message of these types, from whichever way it came in, as a {@link
 * org.millrace.hl7.V2Message}, and leaves its reply in the body.
 *
 * <p>Its parameters are those that {@link Feed#read} and {@link org.millrace.journal.FeedSettings}
 * read, and no others.
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
    Map<String, String> written = new TreeMap<>();
    parameters.forEach((key, value) -> written.put(key, String.valueOf(value)));
    parameters.clear();
    FeedParameters read = new FeedParameters(written);
    Feed feed = Feed.read(name, read, zone);
    if (!read.faults().isEmpty()) {
      throw new IllegalArgumentException("feed " + name + ": " + String.join("; ", read.faults()));
    }
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
