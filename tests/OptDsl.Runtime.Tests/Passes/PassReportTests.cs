using Xunit;

namespace OptDsl.Runtime.Tests.Passes;

/// <summary>What the compiler says of rules of several passes.</summary>
public sealed class PassReportTests
{
    [Fact]
    public void Clipping_reads_the_gradients_once_more()
    {
        RuleReport report = GlobalClip.Report;
        Assert.Equal((2, 4 + 12, 0), (report.Passes, report.BytesPerParameter, report.StateBytes));
        Assert.Equal((0, 0), (report.Divisions, report.SquareRoots));
        Assert.Contains(report.Units, unit => unit is { Name: "Epsilon", Unit: "L/P" });
        Assert.Equal(0.0, report.ParameterDegree);
    }

    [Fact]
    public void The_update_of_LARS_has_degree_one_in_the_parameters_and_none_in_the_gradient()
    {
        Assert.Equal((0.0, 1.0), (Lars.Report.GradientDegree, Lars.Report.ParameterDegree));
        Assert.Equal(2, Lars.Report.Passes);

        // Parameter and gradient, then both and the velocity, and what is stored.
        Assert.Equal(8 + 20, Lars.Report.BytesPerParameter);
    }

    [Fact]
    public void A_gradient_at_another_point_is_a_gradient()
    {
        RuleReport report = Sharpness.Report;
        Assert.Equal("Sharpness", report.Name);
        Assert.True(report.Passes >= 2);
        Assert.Equal(8, report.StateBytes);
        Assert.Contains(report.Units, unit => unit is { Name: "Rho", Unit: "P" });
        Assert.Contains(report.Units, unit => unit is { Name: "LearningRate", Unit: "P^2/L" });
    }

    [Fact]
    public void Inputs_and_noise_have_a_report()
    {
        Assert.Equal(1, Given.Report.Passes);
        Assert.Contains(Given.Report.Units, unit => unit.Name == "LearningRate");
        Assert.Equal((0.0, 12), (Langevin.Report.ParameterDegree, Langevin.Report.BytesPerParameter));
    }
}
