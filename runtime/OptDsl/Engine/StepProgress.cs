namespace OptDsl.Engine;

/// <summary>How far an optimizer has come, besides the attempts that its draws are keyed by: what a checkpoint keeps of it.</summary>
internal sealed class StepProgress
{
    /// <summary>Steps made.</summary>
    internal int Steps { get; set; }

    /// <summary>Steps refused because a gradient was not finite.</summary>
    internal int Refused { get; set; }

    /// <summary>Those since the last step that was made.</summary>
    internal int RefusedInARow { get; set; }

    /// <summary>Evaluations of the loss by steps.</summary>
    internal int Evaluations { get; set; }
}
