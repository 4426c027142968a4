using OptDsl.Conformance.Tests.Harness;
using OptDsl.Rules;
using Xunit;

namespace OptDsl.Conformance.Tests.Checkpoints;

/// <summary>Every rule continues from its file with the same bits.</summary>
public class ResumeTests
{
    public static TheoryData<string> Rules => [.. AllRules.Cases.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_file_resumes_exactly(string rule) => AllRules.Named(rule).FileResumes();

    [Fact]
    public void Rules_that_take_a_second_gradient_resume_exactly()
    {
        ResumeCheck.Run<double, SharpnessAware>(new());
        ResumeCheck.Run<float, SharpnessAware>(new());
        ResumeCheck.Run<double, AdaptiveSharpnessAware>(new());
    }
}
