package org.millrace.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class IgnoredTest {
  @Test
  void eachElementThatIsNotKeptIsToldByItsName() throws IOException {
    List<String> told = new CopyOnWriteArrayList<>();
    try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults().withIgnoredTold(told::add))) {
      Caller caller = new Caller(sandbox).signedIn();
      ObjectNode patient =
          (ObjectNode)
              Caller.tree(
                  """
                  {'resourceType':'Patient',
                   'identifier':[{'assigner':{'reference':'Organization/675844'}}],
                   'name':[{'use':'official','family':'ZZTESTNEW','given':['IDA']}],
                   'multipleBirthBoolean':true,
                   'contact':[{'name':{'family':'ZZTESTKIN'}}]}
                  """);
      caller.create("Patient", patient);
    }
    assertThat(told).containsExactly("Patient.contact", "Patient.multipleBirthBoolean");
  }
}
