namespace OptDsl.Engine;

/// <summary>The progress of an optimizer, which a checkpoint keeps. The attempts that its draws are keyed by are kept elsewhere.</summary>
internal sealed class StepProgress
{
    /// <summary>The number of steps made.</summary>
    internal int Steps { get; set; }

    /// <summary>The number of steps refused because a gradient was not finite.</summary>
    internal int Refused { get; set; }

    /// <summary>The number of refusals since the last step that was made.</summary>
    internal int RefusedInARow { get; set; }

    /// <summary>The number of evaluations of the loss by steps.</summary>
    internal int Evaluations { get; set; }
}
