package org.cotangent.cpu.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The functions that the JDK lacks, against values by mpmath 1.3 in 50-digit arithmetic. */
class TabulatedValuesTest {
  private record Row(String function, double x, double value) {}

  private static final List<Row> ROWS = List.of(
      new Row("erf", 1e-300, 1.1283791670955126e-300),
      new Row("erf", 1e-10, 1.12837916709551262e-10),
      new Row("erf", 0.25, 0.276326390168236933),
      new Row("erf", 0.5, 0.520499877813046538),
      new Row("erf", 0.999, 0.842285270206496942),
      new Row("erf", 1.0, 0.842700792949714869),
      new Row("erf", 1.5, 0.966105146475310727),
      new Row("erf", 2.4999, 0.999592830099666549),
      new Row("erf", 2.5, 0.999593047982555041),
      new Row("erf", 4.0, 0.9999999845827421),
      new Row("erf", 5.9, 0.999999999999999928),
      new Row("erf", -0.7, -0.677801193837418442),
      new Row("erfc", -5.0, 1.99999999999846254),
      new Row("erfc", -1.0, 1.84270079294971487),
      new Row("erfc", 0.1, 0.887537083981715102),
      new Row("erfc", 0.49, 0.488331738811476909),
      new Row("erfc", 0.5, 0.479500122186953462),
      new Row("erfc", 1.0, 0.157299207050285131),
      new Row("erfc", 2.4, 6.88513896645078886e-4),
      new Row("erfc", 2.5, 4.0695201744495894e-4),
      new Row("erfc", 3.0, 2.20904969985854414e-5),
      new Row("erfc", 6.0, 2.15197367124989131e-17),
      new Row("erfc", 10.0, 2.08848758376254476e-45),
      new Row("erfc", 20.0, 5.39586561160790093e-176),
      new Row("erfc", 26.0, 5.66319240885614285e-296),
      new Row("erfinv", 1e-300, 8.86226925452758036e-301),
      new Row("erfinv", 1e-09, 8.86226925452758069e-10),
      new Row("erfinv", 0.01, 8.86250128095059809e-3),
      new Row("erfinv", 0.1, 0.088855990494257692),
      new Row("erfinv", 0.49, 0.465868600235057337),
      new Row("erfinv", 0.5, 0.476936276204469873),
      new Row("erfinv", 0.7, 0.732869077959216785),
      new Row("erfinv", -0.9, -1.16308715367667416),
      new Row("erfinv", 0.99, 1.82138636771844946),
      new Row("erfinv", 0.999999, 3.45891073727549878),
      new Row("erfinv", 0.9999999990686774, 4.32802827580094646),
      new Row("erfinv", 0.9999999999999999, 5.86358474875516793),
      new Row("lgamma", 1e-300, 690.775527898213705),
      new Row("lgamma", 1e-05, 11.5129196928958256),
      new Row("lgamma", 0.1, 2.2527126517342059),
      new Row("lgamma", 0.5, 0.572364942924700087),
      new Row("lgamma", 0.9, 0.0663762397347429544),
      new Row("lgamma", 0.999999, 5.77216487385565238e-7),
      new Row("lgamma", 1.000001, -5.77214842387414665e-7),
      new Row("lgamma", 1.3, -0.108174809507860478),
      new Row("lgamma", 1.5, -0.120782237635245222),
      new Row("lgamma", 1.9999, -4.2275208772153458e-5),
      new Row("lgamma", 2.0001, 4.22816581129199463e-5),
      new Row("lgamma", 2.9, 0.602869610249311368),
      new Row("lgamma", 3.1, 0.787375083273862534),
      new Row("lgamma", 5.5, 3.95781396761871629),
      new Row("lgamma", 9.99, 12.7793152143501934),
      new Row("lgamma", 10.0, 12.8018274800814696),
      new Row("lgamma", 100.5, 361.435540467777622),
      new Row("lgamma", 10000000000.0, 2.20258509288810581e+11),
      new Row("lgamma", 1e+300, 6.89775527898213741e+302),
      new Row("lgamma", -0.3, 1.46484005085760253),
      new Row("lgamma", -1.5, 0.860047015376481015),
      new Row("lgamma", -2.2, 0.790718673675712222),
      new Row("lgamma", -7.7, -8.61109644377890053),
      new Row("lgamma", -50.25, -147.96757866714193),
      new Row("digamma", 1e-300, -9.99999999999999975e+299),
      new Row("digamma", 1e-05, -1.00000577199215673e+5),
      new Row("digamma", 0.1, -10.4237549404110762),
      new Row("digamma", 0.5, -1.96351002602142348),
      new Row("digamma", 0.999, -0.578861802108645428),
      new Row("digamma", 1.0, -0.577215664901532861),
      new Row("digamma", 1.2, -0.289039896592188352),
      new Row("digamma", 1.4616, -3.11062512303416497e-5),
      new Row("digamma", 1.5, 0.0364899739785765206),
      new Row("digamma", 2.0, 0.422784335098467139),
      new Row("digamma", 2.5, 0.703156640645243187),
      new Row("digamma", 5.0, 1.50611766843180047),
      new Row("digamma", 9.9, 2.24118031660638144),
      new Row("digamma", 10.0, 2.25175258906672111),
      new Row("digamma", 33.3, 3.49046723852024278),
      new Row("digamma", 10000000000.0, 23.0258509298904568),
      new Row("digamma", 1e+300, 690.775527898213705),
      new Row("digamma", -0.3, 2.11330977963539887),
      new Row("digamma", -1.2, 4.86832476662719612),
      new Row("digamma", -2.7, -1.11534712914068961),
      new Row("digamma", -7.7, -0.177748443718969342),
      new Row("digamma", -50.25, 7.06852044810851071),
      new Row("asinh", 1e-300, 1.00000000000000003e-300),
      new Row("asinh", 1e-09, 1.00000000000000006e-9),
      new Row("asinh", 0.1, 0.0998340788992075689),
      new Row("asinh", 1.0, 0.881373587019543025),
      new Row("asinh", 1.99, 1.4391543740371491),
      new Row("asinh", 2.01, 1.44809868768720897),
      new Row("asinh", 100000.0, 12.2060726455551737),
      new Row("asinh", 1000000000.0, 21.4164130175063565),
      new Row("asinh", 1e+300, 691.468675078773651),
      new Row("asinh", -3.0, -1.81844645923206682),
      new Row("acosh", 1.0000001, 4.47213591903734727e-4),
      new Row("acosh", 1.1, 0.443568254385115383),
      new Row("acosh", 1.99, 1.3111650524067854),
      new Row("acosh", 2.01, 1.32271225024875803),
      new Row("acosh", 100000.0, 12.2060726455051737),
      new Row("acosh", 1000000000.0, 21.4164130175063565),
      new Row("acosh", 1e+300, 691.468675078773651),
      new Row("atanh", 1e-300, 1.00000000000000003e-300),
      new Row("atanh", 1e-09, 1.00000000000000006e-9),
      new Row("atanh", 0.1, 0.100335347731075586),
      new Row("atanh", 0.49, 0.536060336610566673),
      new Row("atanh", 0.51, 0.562729769352148871),
      new Row("atanh", 0.9, 1.47221948958322035),
      new Row("atanh", 0.999999, 7.25432861924766937),
      new Row("atanh", -0.3, -0.309519604203111703),
      new Row("log2", 5e-324, -1074.0),
      new Row("log2", 1e-300, -996.578428466208704),
      new Row("log2", 0.1, -3.32192809488736227),
      new Row("log2", 0.7, -0.514573172829758332),
      new Row("log2", 0.999, -1.44341686966871867e-3),
      new Row("log2", 1.001, 1.4419741739063217e-3),
      new Row("log2", 1.4, 0.485426827170241668),
      new Row("log2", 1.5, 0.584962500721156181),
      new Row("log2", 3.0, 1.58496250072115618),
      new Row("log2", 100000.0, 16.6096404744368117),
      new Row("log2", 1e+300, 996.578428466208704));

  /** The function column is the order of polygamma. */
  private static final List<Row> POLYGAMMA = List.of(
      new Row("1", 0.001, 1.00000164253319583e+6),
      new Row("1", 0.5, 4.93480220054467931),
      new Row("1", 1.0, 1.64493406684822644),
      new Row("1", 7.3, 0.146795768131427102),
      new Row("1", 1000000.0, 1.00000050000016667e-6),
      new Row("1", -0.3, 13.9451602678057225),
      new Row("1", -2.7, 14.769375845132315),
      new Row("2", 0.25, -129.32773993753692),
      new Row("2", 2.5, -0.236204051641727403),
      new Row("2", 30.0, -1.14876520372859984e-3),
      new Row("2", -1.3, 68.5494134711621342),
      new Row("3", 0.1, 60004.5128767902534),
      new Row("3", 4.0, 0.044865328192755075),
      new Row("3", -0.6, 282.491555330243345),
      new Row("5", 12.5, 9.56227159710764434e-5),
      new Row("10", 3.3, -7.61680553581837636),
      new Row("10", 1000.0, -3.64697726391351403e-25),
      new Row("30", 2.0, -1.23518417658478065e+23),
      new Row("100", 50.0, -2.7391048021902828e-14),
      new Row("170", 1000.0, -4.64227548188554076e-206));

  private static final Elementwise SCALAR = new ScalarElementwise();

  @Test
  void functionsMatch() {
    for (Row row : ROWS) {
      double got = Implementations.function(row.function).at(SCALAR, row.x);
      boolean gamma = row.function.equals("lgamma") || row.function.equals("digamma");
      double allowed = gamma ? 1e-14 * Math.abs(row.value) : 4 * Math.ulp(row.value);
      assertThat(Math.abs(got - row.value)).as("%s: %s", row, got).isLessThanOrEqualTo(allowed);
    }
  }

  @Test
  void polygammaMatches() {
    for (Row row : POLYGAMMA) {
      double[] y = {row.x};
      SCALAR.polygamma(Integer.parseInt(row.function), y, 0, y, 0, 1);
      assertThat(Math.abs(y[0] - row.value)).as("%s: %s", row, y[0]).isLessThanOrEqualTo(1e-13 * Math.abs(row.value));
      float[] f = {(float) row.x};
      SCALAR.polygamma(Integer.parseInt(row.function), f, 0, f, 0, 1);
      assertThat(f[0]).isEqualTo(GammaFunctions.polygamma(Integer.parseInt(row.function), (float) row.x));
    }
  }

  @Test
  void ordersOutOfRangeAreRefused() {
    assertThatThrownBy(() -> GammaFunctions.polygamma(-1, 1)).hasMessage("polygamma: the order must be from 0 to 170: -1");
    assertThatThrownBy(() -> GammaFunctions.polygamma(171, 1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void poles() {
    assertThat(GammaFunctions.polygamma(1, -3.0)).isBetween(7.31198905257e31, 7.31198905258e31); // as PyTorch computes it
    assertThat(GammaFunctions.polygamma(3, -3.0)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(GammaFunctions.polygamma(1, -1f)).isEqualTo(1291369695936512f);
    assertThat(GammaFunctions.polygamma(2, -3.0)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(GammaFunctions.polygamma(1, -0.0)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(GammaFunctions.polygamma(2, 0.0)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(GammaFunctions.polygamma(0, 1.0)).isEqualTo(GammaFunctions.digamma(1));
  }

  /** Terms that are below 1 vanish, and that of 1 stays. */
  @Test
  void zetaOfAnInfiniteExponentIsItsLimit() {
    double infinity = Double.POSITIVE_INFINITY;
    assertThat(SpecialFunctions.zeta(infinity, 2.5)).isZero();
    assertThat(SpecialFunctions.zeta(infinity, 1)).isEqualTo(1);
    assertThat(SpecialFunctions.zeta(infinity, 0.5)).isEqualTo(infinity);
    assertThat(SpecialFunctions.zeta(infinity, -1)).isEqualTo(infinity);
    assertThat(SpecialFunctions.zeta(infinity, -0.5)).isNaN();
    assertThat(SpecialFunctions.zeta(1e300, 1)).isEqualTo(1);
  }
}
