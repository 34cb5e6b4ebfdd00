package org.millrace.console;

import java.util.List;
import java.util.Optional;

/**
 * A feed in the overview. What came and what was done is of the last 24 hours; what waits and what
 * has stopped is all that there is.
 *
 * @param last when its last message came; empty if that is long past
 * @param bars what came hour by hour, drawn
 * @param done delivered, or left out on purpose
 * @param throttled of those that wait, those that Cerner had too much of
 * @param unknown of those that are held, those whose outcome nobody knows
 * @param oldest for how long the oldest one has waited; empty if none waits
 * @param within how long 95 % of those took that came in the last 24 hours and were filed; empty if
 *     none was
 */
record FeedLine(
    String name,
    String types,
    Mark mark,
    Optional<Moment> last,
    List<Bar> bars,
    String busiest,
    Count in,
    Count done,
    Count waiting,
    Count throttled,
    Count held,
    Count refused,
    Count unknown,
    String oldest,
    String within,
    boolean late,
    long stoppedCount,
    long unknownCount) {

  /** One hour, as a rectangle of a drawing 96 wide and 20 high. */
  record Bar(int x, int y, int height) {}
}
