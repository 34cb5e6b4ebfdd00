package org.millrace.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.query.QueryBench.ask;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/** Whatever stands in QRD, the sender gets one whole reply. */
class AnyQueryTest {
  private static final QueryBench BENCH = QueryBench.open();

  private static final PatientQuery QUERY = BENCH.queryOfNobody();

  @AfterContainer
  static void close() {
    BENCH.close();
  }

  @Property(tries = 300)
  void aReplyIsWholeAndNeverNotFoundWhileCernerIsAway(@ForAll("fields") String definition) {
    Adr adr =
        ask(
            QUERY,
            "MSH|^~\\&|LAB|MAIN|MILLRACE|HOSP|20261120||QRY^A19|Q-1|D|2.5.1\r"
                + "QRD|2026|R|I|TAG-1|||"
                + definition
                + "\r");

    assertThat(adr.verdict()).startsWith("AE AE ");
    assertThat(adr.structure()).containsExactly("MSH", "MSA", "ERR", "QAK", "QRD");
    assertThat(adr.field("ERR", 8)).isNotEmpty();
  }

  @Provide
  Arbitrary<String> fields() {
    return Arbitraries.strings().withChars("|^~&\\.\"*1059ABCDEMFHIRüŁ,$ \t").ofMaxLength(40);
  }
}
