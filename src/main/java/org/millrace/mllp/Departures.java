package org.millrace.mllp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The connections of a listener that ended lately or were turned away. Those that brought no frame
 * are one for each address and end: whoever knocks each second must not push out the others.
 * Thread-safe.
 */
final class Departures {
  /** Of those that brought frames, and as many of the others. */
  static final int MOST = 50;

  private final Map<String, Departed> spoke = new Kept();
  private final Map<String, Departed> silent = new Kept();

  private record Departed(ConnectionTally connection, long times) {}

  /** In the order in which they went. */
  private static final class Kept extends LinkedHashMap<String, Departed> {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Departed> eldest) {
      return size() > MOST;
    }
  }

  /** One has gone; how it ended must be known. */
  synchronized void add(ConnectionTally connection) {
    if (connection.spoke()) {
      spoke.put(String.valueOf(connection.number()), new Departed(connection, 1));
      return;
    }
    String key = connection.address() + " " + connection.end();
    long before = Optional.ofNullable(silent.remove(key)).map(Departed::times).orElse(0L);
    silent.put(key, new Departed(connection, before + 1));
  }

  /** All, in no order. */
  synchronized List<ConnectionView> views(
      Function<byte[], Optional<ConnectionView.Sender>> sender) {
    List<Departed> all = new ArrayList<>(spoke.values());
    all.addAll(silent.values());
    return all.stream().map(each -> each.connection().view(sender, each.times())).toList();
  }
}
